import type { Host } from './host';
import { PackageRuntime } from './package-runtime';
import type { PackageSpec } from './protocol';

const KEPT = 8;

/** The runtimes of the packages used last. */
export class Packages {
  private readonly runtimes = new Map<string, PackageRuntime>();

  constructor(private readonly host: Host) {}

  open(spec: PackageSpec): PackageRuntime {
    const runtime = this.runtimes.get(spec.id) ?? new PackageRuntime(spec, this.host);
    // A Map keeps the order of insertion: the first key is the one unused for longest.
    this.runtimes.delete(spec.id);
    this.runtimes.set(spec.id, runtime);
    const [oldest] = this.runtimes.keys();
    if (this.runtimes.size > KEPT && oldest !== undefined) this.runtimes.delete(oldest);
    return runtime;
  }

  release(id: string): void {
    this.runtimes.delete(id);
  }
}
