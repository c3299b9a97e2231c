import { render } from 'preact';
import { isReturned, takeReturn } from './api/returned';
import { App } from './app';

const root = document.getElementById('app');
if (!root) throw new Error('The page has no place for the console');
if (isReturned(location.search)) {
  render(<p class="muted">Signing in…</p>, root);
  await takeReturn();
}
render(<App />, root);
