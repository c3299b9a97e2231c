import type { Host } from './host';
import type { PackageSpec } from './protocol';

/** No more often is the server told. */
const PAUSE_MS = 100;

/** Counts what is done for all models of a package, and tells the server now and then. */
export class ModelProgress {
  private modelsCompiled = 0;
  private sourcesPlanned = 0;
  private lastTold = -PAUSE_MS;

  constructor(
    private readonly spec: PackageSpec,
    private readonly host: Host,
  ) {}

  /** All begins anew: what is compiled already is so at once. */
  begin(): void {
    this.modelsCompiled = 0;
    this.sourcesPlanned = 0;
  }

  compiled(): void {
    this.modelsCompiled += 1;
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
    const { modelsCompiled, sourcesPlanned } = this;
    const models = this.spec.models.length;
    this.host.progress(this.spec.id, { models, modelsCompiled, sourcesPlanned });
  }
}
