import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Refusal } from '../api/http';
import type { Problem } from '../api/types';
import type { Loaded } from '../live/use-load';
import { count, cut, time } from './format';
import { statusInWords, type AnyStatus } from './words';

export function Badge({ status }: { status: AnyStatus }) {
  return <span class={`badge ${status.toLowerCase()}`}>{statusInWords(status)}</span>;
}

export function Time({ at }: { at: string | null | undefined }) {
  return at ? <time dateTime={at}>{time(at)}</time> : <>–</>;
}

/** Whether there was a page before: the first one leaves the focus where the browser has it. */
let another = false;

/** A page's heading, which gets the focus when the page comes after another one. */
export function Title({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const text = typeof children === 'string' ? children : undefined;
  useEffect(() => {
    document.title = `${heading.current?.textContent ?? ''} – Ingot`;
    if (another && document.activeElement === document.body) heading.current?.focus();
    another = true;
  }, [text]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** How much of an error is shown at once, in characters. */
const MOST = 600;

/** A text that may be very long. */
export function Long({ text }: { text: string }) {
  if (text.length <= MOST) return <>{text}</>;
  return (
    <>
      {cut(text, MOST)}
      <details>
        <summary>All {count(text.length)} characters</summary>
        {text}
      </details>
    </>
  );
}

export function Failure({ error }: { error: Error | undefined }) {
  if (!error) return null;
  return (
    <div class="failure" role="alert">
      <div class="text">
        <Long text={error.message} />
      </div>
      {error instanceof Refusal && <Problems problems={error.problems} />}
    </div>
  );
}

/** What was asked for, once it is there. */
export function Await<T>({
  of,
  children,
}: {
  of: Loaded<T>;
  children: (value: T) => ComponentChildren;
}) {
  if (of.error) return <Failure error={of.error} />;
  if (of.value === undefined) return <p class="muted">Loading…</p>;
  return <>{children(of.value)}</>;
}

export function Problems({ problems }: { problems: Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="problems">
      {problems.map((problem, index) => (
        <li key={index} class={problem.severity}>
          <Place of={problem} />
          <span class="text">
            <Long text={problem.message} />
          </span>
          <Lines of={problem} />
        </li>
      ))}
    </ul>
  );
}

/** What stands around a problem's place. */
export function Lines({ of: { excerpt, line } }: { of: Problem }) {
  if (!excerpt || excerpt.lines.length === 0) return null;
  const width = String(excerpt.line + excerpt.lines.length - 1).length;
  return (
    <pre class="code excerpt" tabIndex={0} aria-label="What stands there">
      {excerpt.lines.map((text, at) => {
        const number = excerpt.line + at;
        const here = number === line;
        const said = `${here ? '▸' : ' '} ${String(number).padStart(width)}  ${text}\n`;
        return here ? <strong key={number}>{said}</strong> : said;
      })}
    </pre>
  );
}

function Place({ of }: { of: Problem }) {
  const where = place(of.model, of.line, of.column);
  return where === undefined ? null : <code class="place">{where}</code>;
}

/** `flights.malloy:12:3` */
export function place(
  model: string | null | undefined,
  line: number | null | undefined,
  column?: number | null,
): string | undefined {
  const parts = [model, line, column].filter((part) => part !== null && part !== undefined);
  if (parts.length === 0) return undefined;
  return model ? parts.join(':') : `line ${parts.join(':')}`;
}

export function Progress({ value, label }: { value: number; label: string }) {
  return (
    <div class="progress">
      <progress max={100} value={Math.round(value * 100)} aria-label={label} />
      <span>{Math.round(value * 100)} %</span>
    </div>
  );
}

export function Sql({ text, label = 'SQL' }: { text: string | null | undefined; label?: string }) {
  if (!text) return null;
  return (
    <details>
      <summary>{label}</summary>
      <pre class="code" tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </details>
  );
}
