import { isSourceDef } from '@malloydata/malloy';
import type { SourceDef } from '@malloydata/malloy';
import {
  activeName,
  hasExpression,
  isQuerySegment,
  isTurtle,
} from '../node_modules/@malloydata/malloy/dist/model/malloy_types';
import type {
  FieldDef,
  PipeSegment,
  QueryFieldDef,
  QuerySegment,
} from '../node_modules/@malloydata/malloy/dist/model/malloy_types';
import { both, used } from './column-inputs';
import type { Inputs } from './column-inputs';
import { inputsOf } from './expression-inputs';
import type { Names } from './expression-inputs';

/** Something whose columns have names. */
export interface Space {
  /** What a column is made of; undefined where that isn't known. */
  column(path: readonly string[]): Inputs;
}

/** What is known of sources that are joined, and of what sources have stored. */
export interface Sources {
  of(source: SourceDef): Space;
  /** A column that no expression makes. */
  stored(source: SourceDef, name: string): Inputs;
}

const NOTHING: Space = { column: () => undefined };

/** Each column once, and none that is made of itself. */
abstract class Remembered implements Space {
  private readonly known = new Map<string, Inputs>();

  column(path: readonly string[]): Inputs {
    const key = JSON.stringify(path);
    if (this.known.has(key)) return this.known.get(key);
    this.known.set(key, undefined);
    const inputs = this.find(path);
    this.known.set(key, inputs);
    return inputs;
  }

  protected abstract find(path: readonly string[]): Inputs;
}

/** The fields of a source. */
export class SourceSpace extends Remembered {
  constructor(
    private readonly source: SourceDef,
    private readonly sources: Sources,
  ) {
    super();
  }

  protected override find([head, ...rest]: readonly string[]): Inputs {
    const field = this.source.fields.find((one) => activeName(one) === head);
    if (field === undefined) return undefined;
    return inField(field, rest, this, this.sources, (name) =>
      this.sources.stored(this.source, name),
    );
  }
}

/** What the fields of a query may name: those of its source, and those that it adds to it. */
class StageSpace extends Remembered {
  constructor(
    private readonly source: Space,
    private readonly added: readonly FieldDef[],
    private readonly sources: Sources,
  ) {
    super();
  }

  protected override find(path: readonly string[]): Inputs {
    const [head, ...rest] = path;
    const field = this.added.find((one) => activeName(one) === head);
    return field === undefined
      ? this.source.column(path)
      : inField(field, rest, this, this.sources, () => undefined);
  }
}

/** What one stage of a query puts out. */
class OutputSpace extends Remembered implements Names {
  constructor(
    private readonly segment: QuerySegment,
    private readonly stage: Space,
    private readonly sources: Sources,
  ) {
    super();
  }

  names(): string[] {
    return this.segment.queryFields.map(outputName);
  }

  output(name: string): Inputs {
    return this.column([name]);
  }

  all(): Inputs {
    return both(this.names().map((name) => this.column([name])));
  }

  protected override find([head, ...rest]: readonly string[]): Inputs {
    const field = this.segment.queryFields.find((one) => outputName(one) === head);
    if (field === undefined) return undefined;
    if (field.type === 'fieldref') return this.stage.column([...field.path, ...rest]);
    if (isTurtle(field)) return ofNested(field.pipeline, rest, this.stage, this.sources);
    if (!hasExpression(field)) return this.stage.column([field.name, ...rest]);
    const names = {
      column: (path: readonly string[]) => this.stage.column(path),
      output: (name: string) => this.output(name),
    };
    return rest.length === 0 ? inputsOf(field.e, names) : undefined;
  }
}

function outputName(field: QueryFieldDef): string {
  return field.type === 'fieldref' ? (field.path.at(-1) ?? '') : activeName(field);
}

/** What a query puts out at its end; undefined where a stage is one that isn't known here. */
export function outputOf(
  pipeline: readonly PipeSegment[],
  source: Space,
  sources: Sources,
): { readonly names: readonly string[]; readonly space: Space } | undefined {
  const output = lastOutput(pipeline, source, sources);
  return output && { names: output.names(), space: output };
}

function lastOutput(
  pipeline: readonly PipeSegment[],
  source: Space,
  sources: Sources,
): OutputSpace | undefined {
  let output: OutputSpace | undefined;
  for (const segment of pipeline) {
    if (!isQuerySegment(segment) || segment.type === 'partial') return undefined;
    const stage = new StageSpace(output ?? source, segment.extendSource ?? [], sources);
    output = new OutputSpace(segment, stage, sources);
  }
  return output;
}

/** A table within a row, or a column of it. */
function ofNested(
  pipeline: readonly PipeSegment[],
  path: readonly string[],
  source: Space,
  sources: Sources,
): Inputs {
  const output = lastOutput(pipeline, source, sources);
  return path.length === 0 ? output?.all() : (output ?? NOTHING).column(path);
}

/**
 * @param rest of the path, within the field
 * @param space that the field's expression stands in
 * @param stored a column of this name that no expression makes
 */
function inField(
  field: FieldDef,
  rest: readonly string[],
  space: Space,
  sources: Sources,
  stored: (name: string) => Inputs,
): Inputs {
  if (isTurtle(field)) return ofNested(field.pipeline, rest, space, sources);
  if (isSourceDef(field)) {
    return rest.length === 0 ? undefined : sources.of(field).column(rest);
  }
  if (!hasExpression(field)) {
    // Of a record, a part.
    return used(rest.length === 0 ? 'IDENTITY' : 'TRANSFORMATION', stored(field.name));
  }
  const names = {
    column: (path: readonly string[]) => space.column(path),
    output: () => undefined,
  };
  return rest.length === 0 ? inputsOf(field.e, names) : undefined;
}
