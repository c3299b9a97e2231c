import { diffLines } from 'diff';

/** Which lines of a table's SQL have come and gone. */
export function SqlDiff({ before, after }: { before: string; after: string }) {
  return (
    <pre class="code diff" tabIndex={0} aria-label="Changed SQL">
      {diffLines(before, after).map((part, index) =>
        part.added ? (
          <ins key={index}>{prefixed('+ ', part.value)}</ins>
        ) : part.removed ? (
          <del key={index}>{prefixed('- ', part.value)}</del>
        ) : (
          <span key={index}>{prefixed('  ', part.value)}</span>
        ),
      )}
    </pre>
  );
}

function prefixed(mark: string, text: string) {
  return text.replace(/\n$/, '').replace(/^/gm, mark) + '\n';
}
