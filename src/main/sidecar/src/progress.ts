import type { Host } from './host';
import type { PackageSpec } from './protocol';

/** No more often is the server told. */
const PAUSE_MS = 100;

/** Counts what is done for all models of a package, and tells the server now and then. */
export class ModelProgress {
  private readonly compiledModels = new Set<string>();
  private sourcesPlanned = 0;
  private lastTold = -PAUSE_MS;

  constructor(
    private readonly spec: PackageSpec,
    private readonly host: Host,
  ) {}

  /** A plan begins; what is compiled stays so. */
  beginPlan(): void {
    this.sourcesPlanned = 0;
  }

  compiled(path: string): void {
    this.compiledModels.add(path);
    this.tell();
  }

  planned(): void {
    this.sourcesPlanned += 1;
    this.tell();
  }

  private tell(): void {
    const now = performance.now();
    if (now - this.lastTold < PAUSE_MS) return;
    this.lastTold = now;
    this.host.progress(this.spec.id, {
      models: this.spec.models.length,
      modelsCompiled: this.compiledModels.size,
      sourcesPlanned: this.sourcesPlanned,
    });
  }
}
