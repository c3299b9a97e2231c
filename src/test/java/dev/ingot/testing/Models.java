package dev.ingot.testing;

/** Models over the orders of {@link PackageFiles#orders}. */
public final class Models {

  /** One persist source. */
  public static final String BY_CUSTOMER =
      """
      source: orders is duckdb.table('data/orders.csv') extend { measure: total is amount.sum() }
      #@ persist name="by_customer"
      source: by_customer is orders -> { group_by: customer; aggregate: total }
      """;

  /** The sums by customer and item. */
  public static final String BASE =
      """
      source: orders is duckdb.table('data/orders.csv')
      #@ persist
      source: base is orders -> { group_by: customer, item; aggregate: total is amount.sum() }
      """;

  /** Base, then middle, then top; and aside, which stands alone. */
  public static final String CHAIN =
      BASE
          + """
          #@ persist
          source: middle is base -> { group_by: customer; aggregate: sums is total.sum() }
          #@ persist
          source: top is middle -> { aggregate: most is sums.max() }
          #@ persist
          source: aside is orders -> { aggregate: n is count() }
          """;

  private Models() {}
}
