/** The character sets that a client may speak (MariaDB 10.11), for SET NAMES and `charset`. */
export const clientCharacterSets: readonly string[] =
  `armscii8 ascii big5 binary cp1250 cp1251 cp1256 cp1257 cp850 cp852 cp866 cp932 dec8 eucjpms euckr
   gb2312 gbk geostd8 greek hebrew hp8 keybcs2 koi8r koi8u latin1 latin2 latin5 latin7 macce
   macroman sjis swe7 tis620 ujis utf8 utf8mb3 utf8mb4`.split(/\s+/);

/** Those in which the server stores and converts. */
export const serverCharacterSets: readonly string[] = [
  ...clientCharacterSets,
  ...['ucs2', 'utf16', 'utf16le', 'utf32'],
];
