/** Forms: opened, filled in from the record, checked, and turned into resources. */
export { checkForm, openForm } from './browser.ts';
export { checkForms } from './check/content.ts';
export { sliceFaults } from './check/slices.ts';
export { commitResponse, profilesOf } from './commit.ts';
export { contentForm, contentForms, formAddress, formVersions } from './content.ts';
export { type Extraction, type ExtractWith, extractInto } from './extract/extract.ts';
export { isOwnVisit, launchedBy } from './launched.ts';
export { FORM_OPERATIONS } from './operations/definition.ts';
export { type FormRoutes, formOperations } from './operations/routes.ts';
export { factsOf } from './own-visit.ts';
export { type PopulateAsk, type Populated, populateForm } from './populate.ts';
export { type WrittenSource, withForms } from './written.ts';
