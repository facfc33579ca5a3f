/** The citizen's page: who looked at my record, who may look, what I can ask for. One column, for a phone. */
import {
  Badge,
  Heading,
  Loaded,
  Page,
  Row,
  SelectField,
  Stack,
  Tabs,
  Text,
  t,
  useMe,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import { Consents } from './consents.tsx';
import { Looks } from './looks.tsx';
import type { PersonLine } from './person-line.ts';
import { Requests } from './requests.tsx';
import { said } from './said.ts';

export default function MeScreen() {
  const persons = useQuery<{ rows: PersonLine[] }>(['citizen-persons'], '/api/citizen/persons');
  return (
    <Page title={t('privacy.me', 'Hồ sơ của tôi')} narrow hideTitle>
      <Loaded read={persons}>{({ rows }) => <Mine persons={rows} />}</Loaded>
    </Page>
  );
}

function Mine(props: { persons: PersonLine[] }) {
  const [chosen, choose] = useUrlState('nguoi', props.persons[0]!.patient);
  const [tab, setTab] = useUrlState('muc', 'ai-da-xem');
  const { demo } = useMe();
  const person = props.persons.find(({ patient }) => patient === chosen) ?? props.persons[0]!;
  const tabs = [
    { key: 'ai-da-xem', label: t('privacy.looks', 'Ai đã xem') },
    { key: 'ai-duoc-xem', label: t('privacy.consents', 'Ai được xem') },
    { key: 'quyen', label: t('privacy.rights', 'Quyền của tôi') },
  ];
  return (
    <Stack gap={16}>
      {demo && (
        <Row>
          <Badge tone="info">{t('privacy.demo', 'Tỉnh trình diễn – không phải người thật')}</Badge>
        </Row>
      )}
      <Row spread wrap align="end">
        <Stack gap={4}>
          <Heading level={2} size={20}>
            {person.name}
          </Heading>
          <Text tone="soft">
            {person.kind === 'self' ? t('privacy.my-record', 'Hồ sơ sức khỏe của bạn') : said(person)}
          </Text>
        </Stack>
        {props.persons.length > 1 && (
          <SelectField
            label={t('privacy.whose', 'Xem hồ sơ của')}
            name="person"
            width="240px"
            value={person.patient}
            onChange={choose}
            choices={props.persons.map(({ patient, name, kind }) => ({
              value: patient,
              label: kind === 'self' ? t('privacy.myself', 'Tôi') : name,
            }))}
          />
        )}
      </Row>
      <Tabs label={t('privacy.parts', 'Các mục')} tabs={tabs} value={tab} onChange={setTab}>
        {tab === 'ai-da-xem' && <Looks key={person.patient} person={person} />}
        {tab === 'ai-duoc-xem' && <Consents key={person.patient} person={person} />}
        {tab === 'quyen' && <Requests key={person.patient} person={person} />}
      </Tabs>
    </Stack>
  );
}
