import { CacheManager, InMemoryModelCache, Malloy, Runtime } from '@malloydata/malloy';
import type { Model, URLReader } from '@malloydata/malloy';
import { HostConnections } from './connections';
import { Failure, notFound } from './failure';
import { rememberFunctionNames } from './function-names';
import type { Host } from './host';
import { rememberIdentitySql, rememberPlanned } from './identity-sql';
import { findImportCycle } from './import-cycle';
import { ModelPathError, modelOfUrl, urlOfModel } from './model-url';
import { problem, problemsOfError, summary, toProblem, unique } from './problems';
import { ModelProgress } from './progress';
import type { PackageSpec, Problem } from './protocol';
import { HostError, messageOf, stackOf } from './rpc';
import { planAsServed } from './served-sql';

export type Compiled =
  | { readonly ok: true; readonly model: Model; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

rememberFunctionNames();
rememberIdentitySql();

/**
 * One Malloy runtime for one immutable package content. Compiled models, texts and schemas are
 * kept; what failed is not, because the reason may have been a database that was away.
 */
export class PackageRuntime {
  readonly runtime: Runtime;
  readonly progress: ModelProgress;
  private readonly texts = new Map<string, string>();
  private readonly models = new Map<string, Model>();
  private readonly warnings = new Map<string, Problem[]>();

  constructor(
    readonly spec: PackageSpec,
    private readonly host: Host,
  ) {
    this.progress = new ModelProgress(spec, host);
    this.runtime = new Runtime({
      urlReader: this.urlReader(),
      connections: new HostConnections(spec, host),
      cacheManager: new CacheManager(new InMemoryModelCache()),
    });
  }

  /** @throws Failure "not_found" for a path that is no model of the package */
  async compile(path: string): Promise<Compiled> {
    if (!this.spec.models.includes(path)) throw notFound('model', path, this.spec.models);
    try {
      const model = this.models.get(path) ?? (await this.compileFile(path));
      return { ok: true, model, problems: this.warnings.get(path) ?? [] };
    } catch (error) {
      return { ok: false, problems: await this.explain(path, error) };
    }
  }

  /** @throws Failure "model" when it doesn't compile */
  async model(path: string): Promise<Model> {
    const compiled = await this.compile(path);
    if (compiled.ok) return compiled.model;
    throw new Failure('model', summary(compiled.problems), compiled.problems);
  }

  /**
   * Compiles text of a caller on top of a model, restricted: no import, table, SQL or raw function.
   *
   * @throws MalloyError when it doesn't compile
   */
  compileText(model: Model, text: string): Promise<Model> {
    return Malloy.compile({
      source: text,
      restrictedMode: true,
      method: 'query',
      urlReader: this.runtime.urlReader,
      connections: this.runtime.connections,
      model,
    });
  }

  private async compileFile(path: string): Promise<Model> {
    const model = await this.runtime.getModel(urlOfModel(path));
    planAsServed(model);
    rememberPlanned(model, () => {
      this.progress.planned();
    });
    this.models.set(path, model);
    // Malloy's cache keeps no warnings, so those of an imported file are only seen here, where
    // its importer is compiled first.
    for (const warning of model.problems.map((log) => toProblem(log, path))) {
      const file = warning.model ?? path;
      this.warnings.set(file, unique([...(this.warnings.get(file) ?? []), warning]));
    }
    return model;
  }

  private async explain(path: string, error: unknown): Promise<Problem[]> {
    const problems = problemsOfError(error, path);
    if (problems !== undefined) return problems;
    if (error instanceof HostError || error instanceof ModelPathError) {
      return [problem('error', 'model-unreadable', messageOf(error), path)];
    }
    if (error instanceof RangeError) {
      const cycle = await findImportCycle(path, (imported) => this.text(imported));
      if (cycle !== undefined) return [cycle];
    }
    console.error(`${path} made the compiler fail: ${stackOf(error)}`);
    const message = `The Malloy compiler failed on this model: ${messageOf(error)}`;
    return [problem('error', 'compiler-failed', message, path)];
  }

  private async text(path: string): Promise<string> {
    const known = this.texts.get(path);
    if (known !== undefined) return known;
    const text = await this.host.readModel(this.spec.id, path);
    this.texts.set(path, text);
    return text;
  }

  private urlReader(): URLReader {
    // Nothing of a package changes, so one key for all of it keeps Malloy's cache valid for good.
    const invalidationKey = this.spec.id;
    return {
      readURL: async (url) => ({ contents: await this.text(modelOfUrl(url)), invalidationKey }),
      getInvalidationKey: () => Promise.resolve(invalidationKey),
    };
  }
}

/** Whether `##! experimental.persistence` holds for the model; it arrives through imports too. */
export function hasPersistence(model: Model): boolean {
  return model.modelAnnotations.parseAsTag('!').tag.has('experimental', 'persistence');
}
