import { foldersOf, manifestOf } from './packages.mjs';

/** @typedef {{ ref: string, dependsOn?: string[] }} Dependency */
/** @typedef {{ metadata: { component: { 'bom-ref': string } }, components: object[], dependencies: Dependency[] }} Bom */

/**
 * A CycloneDX document with the npm packages that the given files belong to added.
 *
 * @param {string} text the document
 * @param {string[]} files paths relative to the folder, as in esbuild's metafile
 * @param {string} [root] the folder; absent: this one
 */
export function withPackages(text, files, root) {
  /** @type {Bom} */
  // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- Maven's plugin validated it
  const bom = JSON.parse(text);
  const added = foldersOf(files, root)
    .map((folder) => component(manifestOf(folder)))
    .filter(({ purl }) => bom.dependencies.every(({ ref }) => ref !== purl));
  const refs = added.map(({ purl }) => purl);
  const whole = bom.metadata.component['bom-ref'];
  return JSON.stringify(
    {
      ...bom,
      components: [...bom.components, ...added],
      dependencies: [
        ...bom.dependencies.map((d) =>
          d.ref === whole ? { ...d, dependsOn: [...(d.dependsOn ?? []), ...refs] } : d,
        ),
        ...refs.map((ref) => ({ ref })),
      ],
    },
    null,
    2,
  );
}

/** @param {{name: string, version: string, license?: string}} manifest */
function component({ name, version, license }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const [group, rest] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return {
    type: 'library',
    'bom-ref': purl,
    ...(group !== undefined && { group }),
    name: rest,
    version,
    scope: 'required',
    ...(license !== undefined && { licenses: [{ expression: license }] }),
    purl,
  };
}
