/** Malloy's stable result, as far as a table of its rows needs it. */
export interface StableResult {
  schema: { fields: Field[] };
  data?: Cell;
}

interface Field {
  name: string;
  kind: string;
  type?: FieldType;
}

interface FieldType {
  kind: string;
  fields?: Field[];
  element_type?: FieldType;
}

interface Cell {
  kind: string;
  string_value?: string;
  number_value?: number;
  boolean_value?: boolean;
  date_value?: string;
  timestamp_value?: string;
  json_value?: string;
  sql_native_value?: string;
  record_value?: Cell[];
  array_value?: Cell[];
}

export interface Rows {
  columns: string[];
  rows: unknown[][];
}

export function rowsOf(result: StableResult): Rows {
  const fields = result.schema.fields.filter((field) => field.kind === 'dimension');
  const rows = (result.data?.array_value ?? []).map((row) =>
    fields.map((field, at) => plain(row.record_value?.[at], field.type)),
  );
  return { columns: fields.map((field) => field.name), rows };
}

function plain(cell: Cell | undefined, type: FieldType | undefined): unknown {
  if (!cell) return null;
  switch (cell.kind) {
    case 'array_cell':
      return (cell.array_value ?? []).map((one) => plain(one, type?.element_type));
    case 'record_cell':
      return Object.fromEntries(
        (cell.record_value ?? []).map((one, at) => [
          type?.fields?.[at]?.name ?? String(at),
          plain(one, type?.fields?.[at]?.type),
        ]),
      );
    case 'number_cell':
      return cell.string_value ?? cell.number_value;
    default:
      return (
        cell.string_value ??
        cell.boolean_value ??
        cell.date_value ??
        cell.timestamp_value ??
        cell.json_value ??
        cell.sql_native_value ??
        null
      );
  }
}

/** A value in a line; what is nested, as JSON. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return '∅';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
