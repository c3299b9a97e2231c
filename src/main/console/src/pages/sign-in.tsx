import { useState } from 'preact/hooks';
import { api } from '../api/client';
import { reasonOf } from '../api/returned';
import { signIn, signInFailed, whyFailed } from '../api/session';
import type { SignIn } from '../api/types';
import { useLoad } from '../live/use-load';
import { Title } from '../parts/basics';

export function SignInPage({ reason }: { reason: string }) {
  const signIns = useLoad((signal) => api.signIns(signal), []);
  const failed = whyFailed();
  return (
    <section class="card narrow">
      <Title>Sign in</Title>
      <p class="text" role="status">
        {reason}
      </p>
      {failed !== undefined && (
        <p class="failure text" role="alert">
          {failed}
        </p>
      )}
      {signIns.value?.map((one) => (
        <WithIssuer key={one.issuer} signIn={one} />
      ))}
      <WithKey primary={signIns.value?.length === 0} />
    </section>
  );
}

function WithIssuer({ signIn: one }: { signIn: SignIn }) {
  const [busy, setBusy] = useState(false);
  const go = async () => {
    setBusy(true);
    try {
      const { begin } = await import('../api/oidc');
      await begin(one);
    } catch (error) {
      signInFailed(reasonOf(error));
      setBusy(false);
    }
  };
  return (
    <button type="button" class="primary text" disabled={busy} onClick={() => void go()}>
      Sign in with {one.issuer.replace(/^https?:\/\/|\/$/g, '')}
    </button>
  );
}

function WithKey({ primary }: { primary: boolean }) {
  const [text, setText] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signIn(text.trim());
      }}
    >
      <label for="key">Key or token</label>
      <input
        id="key"
        type="password"
        autocomplete="off"
        required
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <p class="muted">It is kept in this tab only, until you sign out or close it.</p>
      <button type="submit" class={primary ? 'primary' : ''}>
        Sign in
      </button>
    </form>
  );
}
