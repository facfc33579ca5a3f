/** Cards to try in the demo province: choosing one is what a scanner would do. Nothing in a real one. */
import { Button, language, Panel, Row, Stack, Text, t, useMe, useQuery } from '../../../../web/ui/index.ts';

/** Lines of `GET /api/demo/cards`. */
interface SampleCard {
  note: string;
  noteEn: string;
  name: string;
  citizenCard: string;
  insuranceCard: string | null;
}

export function DemoCards(props: { onScan: (text: string) => void }) {
  const me = useMe();
  const cards = useQuery<SampleCard[]>(['demo-cards'], me.demo ? '/api/demo/cards' : null);
  if (!cards.data || cards.data.length === 0) return null;
  return (
    <Panel title={t('reception.demo-cards', 'Thẻ mẫu để thử (tỉnh trình diễn)')}>
      <Stack gap={8}>
        {cards.data.map((card) => (
          <Row key={card.citizenCard} spread wrap>
            <Stack gap={0}>
              <Text strong>{card.name}</Text>
              <Text size={12} tone="soft">
                {language() === 'en' ? card.noteEn : card.note}
              </Text>
            </Stack>
            <Row>
              <Button
                small
                label={t('reception.demo-citizen.of', 'Quét căn cước của {name}', { name: card.name })}
                onPress={() => props.onScan(card.citizenCard)}
              >
                {t('reception.demo-citizen', 'Quét căn cước')}
              </Button>
              {card.insuranceCard !== null && (
                <Button
                  small
                  label={t('reception.demo-insurance.of', 'Quét thẻ BHYT của {name}', { name: card.name })}
                  onPress={() => props.onScan(card.insuranceCard ?? '')}
                >
                  {t('reception.demo-insurance', 'Quét thẻ BHYT')}
                </Button>
              )}
            </Row>
          </Row>
        ))}
      </Stack>
    </Panel>
  );
}
