import type { Model } from '@malloydata/malloy';

/**
 * Makes a model's plan hash SQL as its queries will.
 *
 * A query interpolated into SQL (`%{ source -> {…} }`) is written without WITH when Malloy plans,
 * and with WITH when it serves, on every dialect that allows WITH in a subquery. Two texts, two
 * BuildIDs: the table would be built and no query would ever find it. So the plan is kept from
 * asking for the text without WITH where serving doesn't.
 */
export function planAsServed({ queryModel }: Model): void {
  const loadQuery = queryModel.loadQuery.bind(queryModel);
  queryModel.loadQuery = (query, stages, options, ...others) => {
    const from = query.compositeResolvedSourceDef ?? query.structRef;
    const partial = options?.isPartialQuery === true;
    const asServed =
      partial &&
      queryModel.getStructFromRef(from, query.sourceArguments, options).dialect
        .supportsCTEinCoorelatedSubQueries;
    return loadQuery(
      query,
      stages,
      asServed ? { ...options, isPartialQuery: false } : options,
      ...others,
    );
  };
}
