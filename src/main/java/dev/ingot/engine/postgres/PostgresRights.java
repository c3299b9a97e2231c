package dev.ingot.engine.postgres;

import dev.ingot.engine.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Who owns a view, and who was granted what on it. */
final class PostgresRights {

  private static final String STATEMENTS =
      """
      SELECT pg_catalog.format('ALTER VIEW %1$s OWNER TO %2$I', v.name, r.rolname)
      FROM (SELECT ?::text AS name, ?::text AS schema, ?::text AS relation) v
      JOIN pg_catalog.pg_namespace n ON n.nspname = v.schema
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = v.relation
      JOIN pg_catalog.pg_roles r ON r.oid = c.relowner
      WHERE r.rolname <> current_user
      UNION ALL
      SELECT pg_catalog.format('GRANT %s%s ON %s TO %s%s', a.privilege_type, a.columns, v.name,
        CASE WHEN a.grantee = 0 THEN 'PUBLIC'
          ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END,
        CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
      FROM (SELECT ?::text AS name, ?::text AS schema, ?::text AS relation) v
      JOIN pg_catalog.pg_namespace n ON n.nspname = v.schema
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = v.relation
      CROSS JOIN LATERAL (
        SELECT grantee, privilege_type, is_grantable, '' AS columns
        FROM pg_catalog.aclexplode(c.relacl)) a
      WHERE a.grantee <> c.relowner
      """;

  private PostgresRights() {}

  /** The statements that give a view of this name the same again. */
  static List<String> of(Connection connection, TableName view) throws SQLException {
    var statements = new ArrayList<String>();
    try (PreparedStatement query = connection.prepareStatement(STATEMENTS)) {
      for (int i = 0; i < 2; i++) {
        query.setString(3 * i + 1, view.sql());
        query.setString(3 * i + 2, view.schema());
        query.setString(3 * i + 3, view.name());
      }
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          statements.add(rows.getString(1));
        }
      }
    }
    return statements;
  }
}
