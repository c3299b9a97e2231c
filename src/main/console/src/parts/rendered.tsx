import { useEffect, useRef, useState } from 'preact/hooks';

/**
 * A result as Malloy's own renderer draws it, in a frame that has no origin: what a model says of
 * how it is drawn can't reach this page, its key or the server.
 */
export function Rendered({ result }: { result: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(320);
  const [error, setError] = useState<string>();
  useEffect(() => {
    const show = () => frame.current?.contentWindow?.postMessage({ result }, '*');
    const told = (event: MessageEvent<{ ready?: boolean; height?: number; error?: string }>) => {
      if (event.source !== frame.current?.contentWindow) return;
      if (event.data.ready === true) show();
      if (typeof event.data.height === 'number')
        setHeight(Math.min(1200, Math.max(120, event.data.height)));
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
      <iframe
        ref={frame}
        title="Result, drawn"
        sandbox="allow-scripts"
        src="render.html"
        height={height}
      />
    </>
  );
}
