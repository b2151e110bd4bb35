/*
 * The table `all_types`, with a column of every type of MariaDB.
 */

const integers = {
  tinyint: [-128, 127, 255],
  smallint: [-32768, 32767, 65535],
  mediumint: [-8388608, 8388607, 16777215],
  int: [-2147483648, 2147483647, 4294967295],
  bigint: ['-9223372036854775808', '9223372036854775807', '18446744073709551615'],
} as const;

const blob = "x'00095c0a0d22278aff'";
const words = "'tab\tquote'' \\\\ é 漢 🦉'";

/** A column: its definition, and three values: least, greatest, and one that is zero, empty or odd. */
type Column = [definition: string, least: string, greatest: string, odd: string];

function integerColumns(): Record<string, Column> {
  const columns: Record<string, Column> = {};
  for (const [type, [least, greatest, unsigned]] of Object.entries(integers)) {
    columns[`c_${type}`] = [type, `${least}`, `${greatest}`, '0'];
    columns[`c_${type}_unsigned`] = [`${type} unsigned`, '0', `${unsigned}`, '1'];
  }
  return columns;
}

/** The columns of `all_types`, by their names: every type of MariaDB 10.11. */
const columns: Record<string, Column> = {
  ...integerColumns(),
  c_bool: ['boolean', '0', '1', '0'],
  c_zerofill: ['int(8) unsigned zerofill', '0', '4294967295', '42'],
  c_decimal: [
    'decimal(65,30)',
    `-${'9'.repeat(35)}.${'9'.repeat(30)}`,
    `${'9'.repeat(35)}.${'9'.repeat(30)}`,
    '0',
  ],
  c_decimal_short: ['decimal(10,2) unsigned', '0', '99999999.99', '1.5'],
  c_float: ['float', '-3.40282e38', '3.40282e38', '0.1'],
  c_float_fixed: ['float(7,3)', '-9999.999', '9999.999', '-0.0005'],
  c_double: [
    'double',
    '-1.7976931348623157e308',
    '1.7976931348623157e308',
    '2.2250738585072014e-308',
  ],
  c_double_fixed: ['double(20,5)', '-1e14', '1e14', '0.00001'],
  c_bit1: ['bit(1)', "b'0'", "b'1'", "b'0'"],
  c_bit10: ['bit(10)', '0', '1023', '9'],
  c_bit64: ['bit(64)', '0', '~0', '92'],
  c_char: ['char(20) character set utf8mb4', "''", "'zzzzzzzzzzzzzzzzzzzz'", "'é漢🦉'"],
  c_varchar: ['varchar(100) character set utf8mb4', "''", "repeat('z', 100)", words],
  c_varchar_latin1: ['varchar(100) character set latin1', "''", "repeat('é', 100)", "'caf€é'"],
  c_varchar_utf16: ['varchar(100) character set utf16', "''", "repeat('é', 100)", words],
  c_varchar_sjis: ['varchar(100) character set cp932', "''", "repeat('ソ', 50)", "'表示'"],
  c_binary: ['binary(8)', "''", "x'ffffffffffffffff'", "'a\\0b'"],
  c_varbinary: ['varbinary(255)', "''", "repeat(x'ff', 255)", blob],
  c_tinytext: ['tinytext character set utf8mb4', "''", "repeat('z', 255)", words],
  c_text: ['text character set utf8mb4', "''", "repeat('z', 65535)", words],
  c_mediumtext: ['mediumtext character set utf8mb4', "''", "repeat('z', 70000)", words],
  c_longtext: ['longtext character set utf8mb4', "''", "repeat('z', 70000)", words],
  c_tinyblob: ['tinyblob', "''", "repeat(x'ff', 255)", blob],
  c_blob: ['blob', "''", "repeat(x'ff', 65535)", blob],
  c_mediumblob: ['mediumblob', "''", "repeat(x'00', 70000)", blob],
  c_longblob: ['longblob', "''", "repeat(x'5c', 70000)", blob],
  c_enum: ["enum('', 'a', 'b,c', 'é') character set utf8mb4", "''", "'é'", "'b,c'"],
  c_set: ["set('a', 'b', 'é') character set utf8mb4", "''", "'a,b,é'", "'a,é'"],
  c_json: ['json', "'{}'", `'{"a": [1, null, "\\\\u00e9"]}'`, "'null'"],
  c_date: ['date', "'0001-01-01'", "'9999-12-31'", "'0000-00-00'"],
  c_time: ['time', "'-838:59:59'", "'838:59:59'", "'00:00:00'"],
  c_time6: ['time(6)', "'-838:59:59.999999'", "'838:59:59.999999'", "'00:00:00.000001'"],
  c_datetime: [
    'datetime',
    "'0001-01-01 00:00:00'",
    "'9999-12-31 23:59:59'",
    "'0000-00-00 00:00:00'",
  ],
  c_datetime6: [
    'datetime(6)',
    "'0001-01-01 00:00:00.000001'",
    "'9999-12-31 23:59:59.999999'",
    "'2026-02-00 00:00:00'",
  ],
  c_timestamp: [
    'timestamp null',
    "'1970-01-01 00:00:01'",
    "'2038-01-19 03:14:07'",
    "'0000-00-00 00:00:00'",
  ],
  c_timestamp3: [
    'timestamp(3) null',
    "'1970-01-01 00:00:01.001'",
    "'2038-01-19 03:14:07.999'",
    "'2026-08-01 12:34:56.7'",
  ],
  c_year: ['year', '1901', '2155', '0'],
  c_uuid: [
    'uuid',
    "'00000000-0000-0000-0000-000000000000'",
    "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
    "'123e4567-e89b-12d3-a456-426655440000'",
  ],
  c_inet4: ['inet4', "'0.0.0.0'", "'255.255.255.255'", "'192.0.2.1'"],
  c_inet6: ['inet6', "'::'", "'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'", "'::ffff:192.0.2.1'"],
  c_geometry: [
    'geometry',
    'point(0,0)',
    'point(1e308,-1e308)',
    "st_geomfromtext('POINT(1 2)', 4326)",
  ],
  c_point: ['point', 'point(0,0)', 'point(1.5,-2.5)', 'point(92,9)'],
  c_linestring: [
    'linestring',
    "st_geomfromtext('LINESTRING(0 0,1 1)')",
    "st_geomfromtext('LINESTRING(0 0,1 1,2 0)')",
    "st_geomfromtext('LINESTRING(9 9,92 92)')",
  ],
  c_polygon: [
    'polygon',
    "st_geomfromtext('POLYGON((0 0,1 0,1 1,0 0))')",
    "st_geomfromtext('POLYGON((0 0,9 0,9 9,0 0),(2 1,3 1,3 2,2 1))')",
    "st_geomfromtext('POLYGON((0 0,1 0,1 1,0 0))')",
  ],
  c_collection: [
    'geometrycollection',
    "st_geomfromtext('GEOMETRYCOLLECTION EMPTY')",
    "st_geomfromtext('GEOMETRYCOLLECTION(POINT(0 0),LINESTRING(0 0,1 1))')",
    "st_geomfromtext('GEOMETRYCOLLECTION(POINT(0 0))')",
  ],
};

/**
 * Returns the SQL that creates `all_types` with four rows: 1 has only NULLs, 2 the least values, 3 the
 * greatest, 4 zero, empty or odd ones. The SQL needs a connection in utf8mb4.
 */
export function typesTable(): string {
  const list = Object.entries(columns);
  const definitions = list.map(([name, [type]]) => `${name} ${type} DEFAULT NULL`);
  return [
    "SET SESSION sql_mode = '';",
    `CREATE TABLE all_types (id INT NOT NULL PRIMARY KEY, ${definitions.join(',\n')});`,
    'INSERT INTO all_types (id) VALUES (1);',
    ...[2, 3, 4].map((id) => {
      const values = list.map(([, column]) => column[id - 1]);
      return `INSERT INTO all_types VALUES (${[id, ...values].join(',\n')});`;
    }),
    'SET SESSION sql_mode = DEFAULT;',
  ].join('\n');
}
