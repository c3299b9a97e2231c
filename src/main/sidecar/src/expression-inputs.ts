import { exprHasE, exprHasKids } from '../node_modules/@malloydata/malloy/dist/model/malloy_types';
import type { Expr } from '../node_modules/@malloydata/malloy/dist/model/malloy_types';
import { NO_INPUTS, both, used } from './column-inputs';
import type { Inputs } from './column-inputs';
import type { ColumnUse } from './protocol';

/** What the names in an expression mean. */
export interface Names {
  column(path: readonly string[]): Inputs;
  /** Of what the same query puts out. */
  output(name: string): Inputs;
}

/** They are the same for every row. */
const WITHOUT_COLUMNS = new Set([
  '',
  'dateLiteral',
  'false',
  'filterLiteral',
  'functionDefaultOrderBy',
  'given',
  'now',
  'null',
  'numberLiteral',
  'parameter',
  'regexpLiteral',
  // Rows are counted, whatever is in them.
  'source-reference',
  'stringLiteral',
  'timestampLiteral',
  'timestamptzLiteral',
  'true',
]);

/** The columns that an expression is made of. A node that isn't known here makes it unknown. */
export function inputsOf(e: Expr, names: Names): Inputs {
  switch (e.node) {
    case 'field':
      return names.column(e.path);
    case 'outputField':
      return names.output(e.name);
    case '()':
    case 'all':
    case 'exclude':
      return inputsOf(e.e, names);
    case 'aggregate':
      return used('AGGREGATION', inputsOf(e.e, names));
    case 'filteredExpr':
      return both([
        inputsOf(e.kids.e, names),
        all(
          'CONDITION',
          e.kids.filterList.map((condition) => condition.e),
          names,
        ),
      ]);
    case 'case':
      return both([
        all('CONDITION', [e.kids.caseValue, ...e.kids.caseWhen], names),
        all('TRANSFORMATION', [...e.kids.caseThen, e.kids.caseElse], names),
      ]);
    case 'function_call':
      return both([
        all(
          e.expressionType.includes('aggregate') ? 'AGGREGATION' : 'TRANSFORMATION',
          e.kids.args,
          names,
        ),
        all('CONDITION', e.kids.orderBy ?? [], names),
      ]);
    case 'genericSQLExpr':
      return isCall(e.src) ? all('TRANSFORMATION', e.kids.args, names) : undefined;
    default:
      return WITHOUT_COLUMNS.has(e.node) ? NO_INPUTS : inParts(e, names);
  }
}

/** Nodes that have other expressions in them and no names of their own. */
function inParts(e: Expr, names: Names): Inputs {
  if (exprHasKids(e))
    return all('TRANSFORMATION', Object.values<Expr | Expr[]>(e.kids).flat(), names);
  if (exprHasE(e)) return all('TRANSFORMATION', [e.e], names);
  return undefined;
}

function all(use: ColumnUse, parts: readonly (Expr | undefined)[], names: Names): Inputs {
  const there = parts.filter((part) => part !== undefined);
  return used(use, both(there.map((part) => inputsOf(part, names))));
}

/** SQL may name columns by itself; that of a call has nothing but its arguments. */
function isCall(src: readonly string[]): boolean {
  const [head = '', ...rest] = src;
  return /^\s*\w+\(\s*$/.test(head) && rest.every((part) => /^[\s,)]*$/.test(part));
}
