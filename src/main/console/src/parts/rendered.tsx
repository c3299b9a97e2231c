import { useEffect, useRef, useState } from 'preact/hooks';

/**
 * A result as Malloy's own renderer draws it, in a frame that has no origin: what a model says of
 * how it is drawn can't reach this page, its key or the server.
 */
export function Rendered({ result }: { result: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [error, setError] = useState<string>();
  useEffect(() => {
    const show = () => frame.current?.contentWindow?.postMessage({ result }, '*');
    const told = (event: MessageEvent<{ ready?: boolean; error?: string }>) => {
      if (event.source !== frame.current?.contentWindow) return;
      if (event.data.ready === true) show();
      setError(typeof event.data.error === 'string' ? event.data.error : undefined);
    };
    addEventListener('message', told);
    show();
    return () => removeEventListener('message', told);
  }, [result]);
  return (
    <>
      {error !== undefined && (
        <p class="failure text" role="alert">
          It can’t be drawn: {error}
        </p>
      )}
      <iframe ref={frame} title="Result, drawn" sandbox="allow-scripts" src="render.html" />
    </>
  );
}
