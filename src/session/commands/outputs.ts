import type { Command } from './context.js';

const rule = '--------------\n';
const newline = 0x0a;
/** The client's own prompt. */
export const clientPrompt = '\\N [\\d]> ';

/** `print`: shows the statement that is being collected. */
export const print: Command = ({ pending }, { out }) => {
  out.appendText(rule);
  out.append(pending);
  if (pending[pending.length - 1] !== newline) out.appendText('\n');
  out.appendText(`${rule}\n`);
  return 'continue';
};

/** `tee`: as observed, the client writes no file when it is not interactive, and says nothing. */
export const tee: Command = () => 'continue';

export const noTee: Command = (_command, { out }) => {
  out.appendText('Outfile disabled.\n');
  return 'continue';
};

export const noPager: Command = (_command, { out }) => {
  out.appendText('PAGER set to stdout\n');
  return 'continue';
};

/** `prompt`: nobody will see it, but the client says what it would be. */
export const prompt: Command = ({ args }, { out }) => {
  const [text] = args;
  if (text === undefined || text.length === 0) {
    // Observed: not what --prompt says.
    const initial = process.env.MYSQL_PS1 ?? clientPrompt;
    out.appendText(`Returning to default PROMPT of ${initial}\n`);
  } else {
    out.appendText("PROMPT set to '");
    out.append(text);
    out.appendText("'\n");
  }
  return 'continue';
};
