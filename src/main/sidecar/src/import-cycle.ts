import { MalloyTranslator } from '@malloydata/malloy';
import type { DocumentLocation } from '@malloydata/malloy';
import { ModelPathError, modelOfUrl, urlOfModel } from './model-url';
import { problem } from './problems';
import type { Problem } from './protocol';
import { HostError } from './rpc';

interface Import {
  readonly model: string;
  readonly at: DocumentLocation | undefined;
}

/** Reads a model's imports without compiling it; none when the text cannot be parsed. */
function importsOf(path: string, text: string): Import[] {
  const base = urlOfModel(path).toString();
  // The text goes by another name than its own, or an import of itself would count as present.
  const self = 'ingot://package/imports-of';
  const translator = new MalloyTranslator(self, base, { urls: { [self]: text } });
  // The first step of a translation asks for the imported files.
  const wanted = translator.translate().urls ?? [];
  return wanted.flatMap((imported) => {
    const model = modelInPackage(imported);
    const at = translator.importZone.getEntry(imported).firstReference;
    return model === undefined ? [] : [{ model, at: at && { ...at, url: base } }];
  });
}

function modelInPackage(url: string): string | undefined {
  try {
    return modelOfUrl(new URL(url));
  } catch (error) {
    if (error instanceof ModelPathError) return undefined;
    throw error;
  }
}

/**
 * Finds models that import each other in a circle. Malloy doesn't: it runs out of stack. As a
 * search costs a second parse of every file, it is made only then.
 */
export async function findImportCycle(
  start: string,
  read: (path: string) => Promise<string>,
): Promise<Problem | undefined> {
  const finished = new Set<string>();
  const trail: string[] = [];

  async function visit(path: string): Promise<Problem | undefined> {
    trail.push(path);
    for (const { model, at } of importsOf(path, await textOrNothing(path, read))) {
      const from = trail.indexOf(model);
      if (from >= 0) {
        const circle = [...trail.slice(from), model].join(' → ');
        return problem('error', 'import-cycle', `Models import each other: ${circle}`, path, at);
      }
      const found = finished.has(model) ? undefined : await visit(model);
      if (found !== undefined) return found;
    }
    trail.pop();
    finished.add(path);
    return undefined;
  }

  return visit(start);
}

/** A file that cannot be read imports nothing; that is a problem of its own, said elsewhere. */
async function textOrNothing(
  path: string,
  read: (path: string) => Promise<string>,
): Promise<string> {
  try {
    return await read(path);
  } catch (error) {
    if (error instanceof HostError) return '';
    throw error;
  }
}
