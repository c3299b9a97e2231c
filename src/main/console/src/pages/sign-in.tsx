import { useState } from 'preact/hooks';
import { signIn } from '../api/session';
import { Title } from '../parts/basics';

export function SignIn({ reason }: { reason: string }) {
  const [text, setText] = useState('');
  return (
    <form
      class="card narrow"
      onSubmit={(event) => {
        event.preventDefault();
        signIn(text.trim());
      }}
    >
      <Title>Sign in</Title>
      <p class="text" role="status">
        {reason}
      </p>
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
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
  );
}
