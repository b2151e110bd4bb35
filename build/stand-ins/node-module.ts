/** In place of node:module in yargs-parser, which asks for it in case it has to read a file. */
export const createRequire = undefined;
