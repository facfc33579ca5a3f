/** Characters of a reason, an answer or a reminder; screens take no more. */
export const LONGEST_WORDS = 500;
/** Of a remark on a cell. */
export const LONGEST_REMARK = 1000;
