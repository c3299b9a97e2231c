import { MalloyRenderer } from '@malloydata/render';

type Result = Parameters<ReturnType<MalloyRenderer['createViz']>['setResult']>[0];

const place = document.getElementById('result');
if (!place) throw new Error('The page has no place for a result');
const renderer = new MalloyRenderer({
  onError: (error: Error) => tell({ error: error.message }),
});
let viz = renderer.createViz();

addEventListener('message', (event: MessageEvent<{ result?: string }>) => {
  if (event.source !== parent || typeof event.data.result !== 'string') return;
  try {
    viz.remove();
    viz = renderer.createViz();
    viz.setResult(JSON.parse(event.data.result) as Result);
    viz.render(place);
    tell({});
  } catch (error) {
    tell({ error: error instanceof Error ? error.message : String(error) });
  }
});

/** Marks of a chart that have no name say nothing to who can't see them: the table has it all. */
new MutationObserver(() => {
  for (const mark of place.querySelectorAll('svg [role="graphics-symbol"]:not([aria-label])')) {
    mark.setAttribute('aria-hidden', 'true');
  }
}).observe(place, { childList: true, subtree: true });

tell({ ready: true });

function tell(what: { ready?: boolean; error?: string }) {
  // This page has no origin, and doesn't know that of the page around it; nothing of it is secret.
  parent.postMessage(what, '*');
}
