/** Everything that is wrong with a content, asked of all who carry it out: for `yba content check` and for a start with a province's folder. */
import { existsSync } from 'node:fs';
import { checkPapers, openDocuments } from '../engines/documents/index.ts';
import { checkForms } from '../engines/forms/index.ts';
import { checkMeasures } from '../engines/measures/index.ts';
import { checkAccess } from '../kernel/access/policy/check.ts';
import type { Content } from '../kernel/content/content.ts';
import { checkContentProfiles } from '../kernel/fhir/profiles/index.ts';
import { checkTopics } from '../kernel/fhir/subscriptions/check-topics.ts';
import { vietnamDay } from '../kernel/text/vietnam-time.ts';
import { checkPrices, vaccinePriceFaults } from '../modules/billing/index.ts';
import { checkMeasured, checkServices } from '../modules/clinic/index.ts';
import { checkReminders, linkFaults } from '../modules/programmes/index.ts';
import { checkViews } from './commands/check-views.ts';
import { checkDefinitions } from './commands/definitions.ts';

/** What is wrong, where, in English and where somebody said it in Vietnamese. */
export interface ContentFault {
  /** The file or table, then the place in it. */
  where: string;
  text: string;
  textVi?: string;
}

/** Lists and profiles apart, which are told with their codes. @param concerns which files, tables and folders of tables are looked at; all when absent */
export async function contentFaults(
  content: Content,
  concerns?: (file: string) => boolean,
): Promise<ContentFault[]> {
  // A part of the content may be checked by itself.
  const asked = (name: string, file = name) =>
    existsSync(content.path(file)) && (concerns === undefined || concerns(name));
  return [
    ...(asked('access') ? checkAccess(content) : []),
    ...checkViews(content, concerns),
    ...checkDefinitions(content, concerns),
    ...checkForms(content, concerns),
    ...checkMeasures(content, concerns),
    ...checkTopics(content, concerns),
    ...(await checkContentProfiles(content, vietnamDay(new Date()), concerns)),
    ...(asked('clinic/measured.csv') ? checkMeasured(content) : []),
    ...(['clinic/services.csv', 'clinic/lab-tests.csv'].some((file) => asked(file))
      ? checkServices(content)
      : []),
    ...(asked('prices', 'prices/services.csv') ? checkPrices(content) : []),
    ...(asked('prices', 'prices/vaccines.csv') ? vaccinePriceFaults(content).map(inBoth) : []),
    ...(asked('messages/reminders.csv') ? checkReminders(content) : []),
    ...(asked('links') ? linkFaults(content).map(inBoth) : []),
    ...(await paperFaults(content, concerns)),
  ];
}

const inBoth = ({ where, text, textEn }: { where: string; text: string; textEn: string }): ContentFault => ({
  where,
  text: textEn,
  textVi: text,
});

/** Papers are tried with their samples: the typesetter is started only for content that has some. */
async function paperFaults(
  content: Content,
  concerns: (file: string) => boolean = () => true,
): Promise<ContentFault[]> {
  if (!content.files('documents').some((name) => concerns(`documents/${name}`))) return [];
  const documents = openDocuments(content);
  try {
    const faults = await checkPapers(content, documents, concerns);
    return faults.map(({ place, text, textEn }) => ({ where: place, text: textEn, textVi: text }));
  } finally {
    documents.close();
  }
}
