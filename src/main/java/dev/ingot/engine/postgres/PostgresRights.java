package dev.ingot.engine.postgres;

import dev.ingot.engine.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Who owns a view, and who was granted what on it and on its columns.
 *
 * @param grants with the column that each is for; empty for the whole view
 * @param owner the statement that gives it to its owner; empty where that is who makes it
 */
record PostgresRights(TableName view, List<Grant> grants, String owner) {

  private static final String OF_VIEW =
      """
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      """;
  private static final String NAMED = " WHERE n.nspname = ? AND c.relname = ? ";
  private static final String GRANTEE =
      """
      CASE WHEN a.grantee = 0 THEN 'PUBLIC'
        ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END
      """;

  private static final String GRANTS =
      """
      SELECT '' AS column_name, a.privilege_type AS privilege, %1$s AS grantee,
        CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS ending
      %2$s CROSS JOIN LATERAL pg_catalog.aclexplode(c.relacl) a
      %3$s AND a.grantee <> c.relowner
      UNION ALL
      SELECT t.attname, a.privilege_type, %1$s,
        CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
      %2$s JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid AND t.attnum > 0
      CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) a
      %3$s AND a.grantee <> c.relowner
      """
          .formatted(GRANTEE, OF_VIEW, NAMED);

  private static final String OWNER =
      "SELECT pg_catalog.quote_ident(r.rolname) "
          + OF_VIEW
          + "JOIN pg_catalog.pg_roles r ON r.oid = c.relowner"
          + NAMED
          + "AND r.rolname <> current_user";

  private static final String COLUMNS =
      "SELECT t.attname "
          + OF_VIEW
          + "JOIN pg_catalog.pg_attribute t ON t.attrelid = c.oid AND t.attnum > 0"
          + NAMED;

  private record Grant(String column, String privilege, String grantee, String ending) {}

  /** Those of a view that there is. */
  static PostgresRights of(Connection connection, TableName view) throws SQLException {
    List<String> owners = texts(connection, OWNER, view);
    return new PostgresRights(
        view,
        grants(connection, view),
        owners.isEmpty()
            ? ""
            : "ALTER VIEW %s OWNER TO %s".formatted(view.sql(), owners.getFirst()));
  }

  private static List<Grant> grants(Connection connection, TableName view) throws SQLException {
    var grants = new ArrayList<Grant>();
    try (PreparedStatement query = connection.prepareStatement(GRANTS)) {
      for (int i = 0; i < 2; i++) {
        query.setString(2 * i + 1, view.schema());
        query.setString(2 * i + 2, view.name());
      }
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          grants.add(
              new Grant(
                  rows.getString("column_name"),
                  rows.getString("privilege"),
                  rows.getString("grantee"),
                  rows.getString("ending")));
        }
      }
    }
    return grants;
  }

  private static List<String> texts(Connection connection, String sql, TableName view)
      throws SQLException {
    var texts = new ArrayList<String>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, view.schema());
      query.setString(2, view.name());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          texts.add(rows.getString(1));
        }
      }
    }
    return texts;
  }

  /** Gives the view that was made under the same name these rights, and no others. */
  void restore(Connection connection, Statement statement) throws SQLException {
    // What a new view is granted by default was perhaps taken from the one before.
    for (Grant byDefault : grants(connection, view)) {
      statement.execute("REVOKE ALL ON %s FROM %s".formatted(view.sql(), byDefault.grantee()));
    }
    List<String> columns = texts(connection, COLUMNS, view);
    for (Grant grant : grants) {
      if (grant.column().isEmpty() || columns.contains(grant.column())) {
        String column =
            grant.column().isEmpty() ? "" : " (" + TableName.quote(grant.column()) + ")";
        statement.execute(
            "GRANT %s%s ON %s TO %s%s"
                .formatted(grant.privilege(), column, view.sql(), grant.grantee(), grant.ending()));
      }
    }
    if (!owner.isEmpty()) {
      statement.execute(owner);
    }
  }
}
