/** The data protection officer's board: emergency openings, alerts, requests and unclear decisions of citizens, as they come. */
import { Page, Tabs, t, useUrlState } from '../../../web/ui/index.ts';
import { Alerts } from './board-alerts.tsx';
import { BoardConsents } from './board-consents.tsx';
import { Openings } from './board-openings.tsx';
import { BoardRequests } from './board-requests.tsx';

export default function BoardScreen() {
  const [tab, setTab] = useUrlState('muc', 'khan-cap');
  const tabs = [
    { key: 'khan-cap', label: t('privacy.openings', 'Mở khẩn cấp') },
    { key: 'canh-bao', label: t('privacy.alerts', 'Cảnh báo') },
    { key: 'yeu-cau', label: t('privacy.of-citizens', 'Yêu cầu của người dân') },
    { key: 'quyet-dinh', label: t('privacy.notes.tab', 'Quyết định cần hỏi lại') },
  ];
  return (
    <Page title={t('privacy.board', 'Bảo vệ dữ liệu cá nhân')} fill>
      <Tabs label={t('privacy.parts', 'Các mục')} tabs={tabs} value={tab} onChange={setTab}>
        {tab === 'khan-cap' && <Openings />}
        {tab === 'canh-bao' && <Alerts />}
        {tab === 'yeu-cau' && <BoardRequests />}
        {tab === 'quyet-dinh' && <BoardConsents />}
      </Tabs>
    </Page>
  );
}
