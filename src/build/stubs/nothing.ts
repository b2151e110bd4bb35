/** In place of a module of which nothing is used: whatever is called of it, is not there. */
export {};
