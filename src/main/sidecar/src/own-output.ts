/**
 * stdout carries the protocol, and libraries log as they please: from now on all that is written
 * there goes to stderr, but for what is written by this.
 */
export function ownOutput(): (line: string) => void {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  return (line) => {
    write(`${line}\n`);
  };
}
