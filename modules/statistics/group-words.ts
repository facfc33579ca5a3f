/** Why a number is missing, as a file says it; screens have words in their own language. */
export const WHY_WORDS = {
  'no-population': 'chưa có dân số',
  'no-number': 'chưa có số',
  zero: 'mẫu số 0',
  untold: 'không tách được theo nhóm',
} as const;
