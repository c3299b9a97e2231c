import { lazy, Suspense } from 'preact/compat';
import { api } from './api/client';
import { signOut, key as bearer } from './api/session';
import type { Caller } from './api/types';
import { CallerContext } from './live/use-caller';
import { useLoad } from './live/use-load';
import { useSession } from './live/use-session';
import { ProjectsPage } from './pages/projects';
import { ServerPage } from './pages/server';
import { SignInPage } from './pages/sign-in';
import { Failure, Title } from './parts/basics';
import { useRoute, type Route } from './route';

const PackagePage = lazy(async () => (await import('./pages/package')).PackagePage);
const TargetPage = lazy(async () => (await import('./pages/target')).TargetPage);
const RunPage = lazy(async () => (await import('./pages/run')).RunPage);
const QueryPage = lazy(async () => (await import('./pages/query')).QueryPage);

export function App() {
  const { away, refused } = useSession();
  const caller = useLoad((signal) => api.caller(signal), [refused]);
  const route = useRoute();
  return (
    <CallerContext.Provider value={caller.value}>
      <a class="skip" href="#main" onClick={toMain}>
        To the content
      </a>
      <Header caller={refused === undefined ? caller.value : undefined} />
      {away && (
        <p class="away" role="status">
          The server can’t be reached. It is asked again every second.
        </p>
      )}
      <main id="main" tabIndex={-1}>
        {refused !== undefined ? (
          <SignInPage reason={refused} />
        ) : caller.error ? (
          <Failure error={caller.error} />
        ) : caller.value ? (
          <Suspense fallback={<p class="muted">Loading…</p>}>{page(route)}</Suspense>
        ) : (
          <p class="muted">Loading…</p>
        )}
      </main>
    </CallerContext.Provider>
  );
}

/** The address after # is the page's, so it can't name a place within it. */
function toMain(event: Event) {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Header({ caller }: { caller: Caller | undefined }) {
  return (
    <header>
      <a class="brand" href="#/">
        Ingot
      </a>
      <nav aria-label="Console">
        <a href="#/">Projects</a>
        <a href="#/server">Server</a>
        <a href="swagger-ui.html">API</a>
      </nav>
      {caller && bearer() !== undefined && (
        <div class="caller">
          <span class="text">{caller.name}</span>
          <button type="button" onClick={signOut}>
            Sign out
          </button>
        </div>
      )}
    </header>
  );
}

function page(route: Route) {
  // Nothing of a page stays for another package's, table's or run's.
  const id = 'key' in route ? JSON.stringify({ ...route, tab: '', text: '', givens: {} }) : '';
  switch (route.page) {
    case 'projects':
      return <ProjectsPage />;
    case 'server':
      return <ServerPage />;
    case 'package':
      return <PackagePage key={id} packageKey={route.key} tab={route.tab} />;
    case 'target':
      return <TargetPage key={id} packageKey={route.key} table={route.table} />;
    case 'run':
      return <RunPage key={id} packageKey={route.key} id={route.run} />;
    case 'query':
      return (
        <QueryPage
          key={id}
          packageKey={route.key}
          model={route.model}
          text={route.text}
          givens={route.givens}
        />
      );
    case 'unknown':
      return <Title>There is no such page</Title>;
  }
}
