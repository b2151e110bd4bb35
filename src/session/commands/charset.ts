import { findCharacterSet, isServerOnly } from '../../protocol/character-sets.js';
import { SqlError } from '../../protocol/sql-error.js';
import { writeError } from '../report.js';
import type { Command } from './context.js';

/** `charset`: changes the character set of the connection and of the script's reader. */
export const charset: Command = async ({ args, line }, context) => {
  const [word] = args;
  if (word === undefined) {
    return context.error('Usage: \\C charset_name | charset charset_name', line);
  }
  const name = Buffer.from(word).toString('latin1');
  if (isServerOnly(name)) {
    return context.error('Character sets with mbminlen>1 are not supported', line);
  }
  const found = findCharacterSet(name);
  if (found === undefined) {
    await context.out.flush();
    const text = `\x07analytics-mysql: Character set '${name}' is not a compiled character set and is not specified in the '/usr/share/mysql/charsets/Index.xml' file\n`;
    writeError(Buffer.from(text, 'latin1'));
    return 'continue';
  }
  context.session.characterSet = found.name;
  context.reader.characterSet = found.name;
  try {
    await context.session.connection?.setCharacterSet(found);
    context.printNotice('Charset changed');
  } catch (error) {
    // The client does not check whether the server accepted it.
    if (!(error instanceof SqlError)) throw error;
  }
  return 'continue';
};
