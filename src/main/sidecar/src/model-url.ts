/**
 * Models are addressed by URLs of a private scheme, so that Malloy resolves relative imports.
 * The path starts below the authority's root: an import that climbs out of the package then ends
 * outside of this prefix, instead of being clamped to the package's own root.
 */
const PREFIX = 'ingot://package/files/';

/**
 * Malloy names an imported model by its decoded URL, but a loaded one by `url.toString()`, which
 * is encoded. This prints decoded too: otherwise a model with a space in its name would be two
 * models, each with sources (and source ids) of its own.
 */
export class ModelUrl extends URL {
  override toString(): string {
    return decodeURI(super.toString());
  }
}

/** An error that Malloy shows to the author of the import; see HostError for the empty name. */
export class ModelPathError extends Error {
  override readonly name = '';
}

/** @throws ModelPathError for a path that no import could name, for example one with a `%`. */
export function urlOfModel(path: string): ModelUrl {
  // The URL parser encodes all the rest, in the same way as for the text of an import.
  const escaped = path.replaceAll('%', '%25').replaceAll('?', '%3F').replaceAll('#', '%23');
  const url = new ModelUrl(PREFIX + escaped);
  if (decodedPath(url.toString()) !== path) {
    throw new ModelPathError(
      `The model path "${path}" cannot be used: ` +
        'it has a %, a control character, or a segment such as "..". Rename the file.',
    );
  }
  return url;
}

/** @throws ModelPathError for a URL that is not in the package, or is not written plainly. */
export function modelOfUrl(url: URL): string {
  const path = decodedPath(url.href);
  if (path === undefined) {
    throw new ModelPathError(
      `"${url.href.replace('ingot://package', '')}" is not in the package; ` +
        'only files of the same package can be imported',
    );
  }
  if (urlOfModel(path).href !== url.href) {
    throw new ModelPathError(`write the name of the file as it is: "${path}"`);
  }
  return path;
}

/** The model that a location of Malloy's is in; null for text that came from a caller. */
export function modelOfLocation(url: string): string | null {
  return decodedPath(url) ?? null;
}

/** A message of Malloy's with package-relative paths where it has URLs. */
export function withoutUrls(message: string): string {
  return message.replaceAll(PREFIX, '');
}

function decodedPath(url: string): string | undefined {
  if (!url.startsWith(PREFIX)) return undefined;
  try {
    return decodeURIComponent(url.slice(PREFIX.length));
  } catch (error) {
    // A lone %: such a name has no one decoded form.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
