import { useRef, useState } from 'preact/hooks';
import { api } from '../api/client';
import type { Package, Project, Run } from '../api/types';
import { NewestRuns } from '../live/newest-runs';
import { useLoad } from '../live/use-load';
import { Await, Badge, Time, Title } from '../parts/basics';
import { cut } from '../parts/format';
import { to } from '../route';

/** How often it is looked how they are, in milliseconds. */
const LOOK = 5000;

interface Row {
  project: string;
  package: Package;
  run: Run | undefined;
}

export function ProjectsPage() {
  const [search, setSearch] = useState('');
  const known = useRef(new Map<string, NewestRuns>());
  const projects = useLoad((signal) => everything(known.current, signal), [], LOOK);
  return (
    <>
      <Title>Projects and packages</Title>
      <div class="toolbar">
        <label>
          Search{' '}
          <input
            type="search"
            value={search}
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </label>
      </div>
      <Await of={projects}>
        {(found) => <Found projects={found} search={search.trim().toLowerCase()} />}
      </Await>
    </>
  );
}

async function everything(
  known: Map<string, NewestRuns>,
  signal: AbortSignal,
): Promise<{ project: Project; rows: Row[] }[]> {
  const projects = await api.projects(signal);
  return Promise.all(
    projects.map(async (project) => {
      const newest = known.get(project.name) ?? new NewestRuns(project.name);
      known.set(project.name, newest);
      const packages = await api.packages(project.name, signal);
      const runs = await newest.of(
        packages.map((one) => one.name),
        signal,
      );
      const rows = packages.map((one) => ({
        project: project.name,
        package: one,
        run: runs.get(one.name),
      }));
      return { project, rows };
    }),
  );
}

function Found({
  projects,
  search,
}: {
  projects: { project: Project; rows: Row[] }[];
  search: string;
}) {
  if (projects.length === 0) {
    return (
      <p>
        There is no project yet. One is created with POST /api/v0/projects, or in the
        configuration’s file.
      </p>
    );
  }
  const shown = projects
    .map(({ project, rows }) => ({ project, rows: rows.filter((row) => matches(row, search)) }))
    .filter(({ project, rows }) => rows.length > 0 || project.name.toLowerCase().includes(search));
  if (shown.length === 0) return <p role="status">Nothing is called like that.</p>;
  return (
    <>
      {shown.map(({ project, rows }) => (
        <section key={project.name} aria-label={`Project ${project.name}`}>
          <h2>
            {project.name} {project.materializationStorage && <span class="badge">shared</span>}
          </h2>
          {rows.length === 0 ? <p class="muted">It has no packages.</p> : <Packages rows={rows} />}
        </section>
      ))}
    </>
  );
}

function matches({ project, package: one }: Row, search: string) {
  return `${project}/${one.name} ${one.description ?? ''}`.toLowerCase().includes(search);
}

function Packages({ rows }: { rows: Row[] }) {
  return (
    <ul class="cards">
      {rows.map(({ project, package: one, run }) => {
        const key = { project, name: one.name };
        return (
          <li key={one.name} class="card">
            <h3>
              <a href={to.package(key)}>{one.name}</a>
            </h3>
            {one.description && <p class="text">{one.description}</p>}
            <p class="facts">
              <span>
                {one.servedVersion === 0
                  ? 'No tables yet'
                  : `Version ${one.servedVersion} is served`}
              </span>
              {one.stale === true && <span class="badge warn">Folder has changed</span>}
              {one.error && <span class="badge failed">Not served</span>}
            </p>
            {one.error && <p class="text error-text">{cut(one.error, 600)}</p>}
            {run ? (
              <p class="facts">
                <a href={to.run(key, run.id)}>Last run</a> <Badge status={run.status} />{' '}
                <Time at={run.startedAt ?? run.createdAt} />
              </p>
            ) : (
              <p class="muted">Never built</p>
            )}
          </li>
        );
      })}
    </ul>
  );
}
