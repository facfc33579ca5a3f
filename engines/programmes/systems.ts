/** Code systems of a programme's facts (docs/model.md). */
export const programmeCs = {
  /** What an EpisodeOfCare enrols in. */
  programme: 'http://yba.vn/fhir/cs/chuong-trinh',
  /** What a product holds: antigens. */
  component: 'http://yba.vn/fhir/cs/khang-nguyen',
  /** What came of a call. */
  call: 'http://yba.vn/fhir/cs/ket-qua-goi',
  /** A Task of a programme: `<programme>` or `<programme>/<act or series>`. */
  task: 'http://yba.vn/fhir/cs/viec-chuong-trinh',
  /** Why a dose was not given (`content/vaccines/not-given.csv`). */
  notGiven: 'http://yba.vn/fhir/cs/ly-do-khong-tiem',
} as const;
