/** Allergies of one person as a place of its own: opened from the banner of any screen. */
import {
  type BannerPerson,
  Loaded,
  Page,
  Panel,
  PatientBanner,
  refresh,
  type ScreenProps,
  t,
  usePush,
  useQuery,
} from '../../../web/ui/index.ts';
import { Allergies } from './allergies/allergies.tsx';

export default function AllergiesScreen({ params }: ScreenProps) {
  const patient = params.patient ?? '';
  const person = useQuery<BannerPerson>(
    ['person', patient],
    `/api/people/${encodeURIComponent(patient)}/banner`,
  );
  usePush(patient ? `clinic/allergies/${patient}` : null, () => refresh(['person', patient]));
  return (
    <Page title={t('clinic.allergies', 'Dị ứng')} hideTitle narrow>
      <Loaded read={person}>
        {(found) => (
          <>
            <PatientBanner person={found} />
            <Panel title={t('clinic.allergies', 'Dị ứng')}>
              <Allergies patient={patient} />
            </Panel>
          </>
        )}
      </Loaded>
    </Page>
  );
}
