import { Malloy } from '@malloydata/malloy';
import { buildSql } from './build-sql';
import { checkSource } from './check';
import { columnLineage } from './column-lineage';
import type { Host } from './host';
import { compileModel, compileModels } from './model-report';
import type { PackageRuntime } from './package-runtime';
import { Packages } from './packages';
import { Params } from './params';
import { plan } from './plan';
import { prepareQuery } from './prepare';
import { rehearse } from './rehearsal';
import type { Handler } from './rpc';

/** The methods that the server may call. */
export function methods(host: Host): ReadonlyMap<string, Handler> {
  const packages = new Packages(host);

  const onPackage =
    (call: (pkg: PackageRuntime, params: Params) => Promise<unknown>): Handler =>
    (value) => {
      const params = new Params(value);
      return call(packages.open(params.package()), params);
    };

  return new Map<string, Handler>([
    ['ping', () => ({ malloyVersion: Malloy.version, nodeVersion: process.versions.node })],
    ['rehearse', () => rehearse()],
    [
      'release',
      (value) => {
        packages.release(new Params(value).string('id'));
      },
    ],
    ['compileModels', onPackage((pkg) => compileModels(pkg))],
    ['compileModel', onPackage((pkg, p) => compileModel(pkg, p.string('model')))],
    ['plan', onPackage((pkg) => plan(pkg))],
    [
      'buildSql',
      onPackage((pkg, p) =>
        buildSql(pkg, p.string('model'), p.string('source'), p.tables('manifest')),
      ),
    ],
    [
      'columnLineage',
      onPackage((pkg, p) =>
        columnLineage(pkg, p.string('model'), p.string('source'), p.tables('manifest')),
      ),
    ],
    [
      'prepareQuery',
      onPackage((pkg, p) =>
        prepareQuery(pkg, p.string('model'), p.query(), p.tables('manifest'), p.givens()),
      ),
    ],
    [
      'checkSource',
      onPackage((pkg, p) =>
        checkSource(
          pkg,
          p.string('model'),
          p.callersText('source'),
          p.boolean('includeSql'),
          p.tables('manifest'),
          p.givens(),
        ),
      ),
    ],
  ]);
}
