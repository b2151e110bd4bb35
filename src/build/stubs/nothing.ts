/** Replaces a module whose exports are never used. A call of one of them would throw. */
export {};
