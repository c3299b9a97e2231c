import type { Host } from './host';
import { compileModel } from './model-report';
import { Packages } from './packages';
import { plan } from './plan';
import { prepareQuery } from './prepare';
import { NO_GIVENS } from './protocol';
import type { PackageSpec } from './protocol';

/** Some of each part of the language, as models have it. */
const MODEL = `##! experimental.persistence
# label="Orders"
source: orders is duckdb.table('orders.csv') extend {
  primary_key: id
  rename: bought is at
  dimension:
    is_big is amount > 10 and category != 'none' | null
    size is pick 'small' when amount < 5 pick 'large' when is_big else 'medium'
    bought_on is bought.day
    share is round(amount / nullif(units, 0), 2)
  measure:
    total is amount.sum()
    orders_count is count()
    average is avg(amount) { where: is_big = false }
    customers is count(customer)
  join_one: regions is duckdb.table('regions.csv') extend { primary_key: id } with region
  view: by_day is {
    group_by: bought_on, size
    aggregate: total, orders_count
    where: bought > @2024-01-01, category ~ 'a%'
    order_by: total desc
    limit: 10
  }
  view: nested is {
    group_by: customer
    nest: by_day
    nest: top is { group_by: category; aggregate: total; limit: 3 }
  }
}
#@ persist name="by_customer"
source: by_customer is orders -> {
  group_by: customer, category, place is upper(regions.name)
  aggregate: total, orders_count, most is max(amount)
}
#@ persist name="by_category"
source: by_category is by_customer extend {
  join_many: again is by_customer on again.category = category and again.total > 1
} -> {
  group_by: category
  aggregate: total is total.sum(), others is again.orders_count.sum()
  calculate: place is rank()
}
source: written is duckdb.sql("SELECT 1 AS id, 'a' AS name") extend { where: id > 0 }
query: largest is by_category -> { select: *; where: total > 0; order_by: total desc; limit: 5 }
`;

const TEXTS = [
  'run: by_category -> { group_by: category; aggregate: t is total.sum(); order_by: t }',
  "run: orders -> { group_by: size; aggregate: orders_count; where: category != 'x' } -> { select: * }",
  'run: orders -> nested',
];

const COLUMNS = [
  { name: 'id', type: 'BIGINT' },
  { name: 'name', type: 'VARCHAR' },
  { name: 'customer', type: 'VARCHAR' },
  { name: 'category', type: 'VARCHAR' },
  { name: 'region', type: 'BIGINT' },
  { name: 'units', type: 'INTEGER' },
  { name: 'amount', type: 'DOUBLE' },
  { name: 'at', type: 'TIMESTAMP' },
];

const HOST: Host = {
  readModel: () => Promise.resolve(MODEL),
  describeTable: () => Promise.resolve(COLUMNS),
  describeSelect: () => Promise.resolve(COLUMNS.slice(0, 2)),
  progress: () => undefined,
};

const MODEL_PATH = 'model.malloy';

/**
 * Does what the server will ask for, so that who begins after it has Malloy's grammar worked out
 * and its code at hand: a model's first compilation takes half the time then.
 *
 * @throws Error when something of it doesn't compile
 */
export async function rehearse(): Promise<void> {
  for (const id of ['first', 'second', 'third']) {
    const spec: PackageSpec = {
      id,
      connections: [{ name: 'duckdb', type: 'duckdb', digest: 'digest' }],
      models: [MODEL_PATH],
      explores: null,
    };
    const pkg = new Packages(HOST).open(spec);
    const { targets, problems } = await plan(pkg);
    const report = await compileModel(pkg, MODEL_PATH);
    const wrong = [...problems, ...report.problems].filter(({ severity }) => severity === 'error');
    if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
    const tables = new Map(targets.map(({ buildId }) => [buildId, 'main.t']));
    for (const text of TEXTS) {
      await prepareQuery(pkg, MODEL_PATH, { kind: 'text', text }, tables, NO_GIVENS);
    }
    await prepareQuery(pkg, MODEL_PATH, { kind: 'named', name: 'largest' }, new Map(), NO_GIVENS);
  }
}
