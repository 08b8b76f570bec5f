// Chooses one of many people: type to search by address or id.
import { useMemo, useState } from "react";
import { Button } from "react-aria-components/Button";
import { ComboBox } from "react-aria-components/ComboBox";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Text } from "react-aria-components/Text";
import type { User } from "wicketgate";
import { useNames } from "../data/names";
import { Icon } from "./icon";

/** Options shown at once; typing finds the others. */
const OFFERED = 50;

interface Props {
  label: string;
  people: readonly User[];
  value: string | undefined;
  onChange: (user: string | undefined) => void;
  description?: string;
  error?: string | undefined;
  required?: boolean;
}

export function PersonPicker({ label, people, value, onChange, description, error, required = false }: Props) {
  const names = useNames();
  const [typed, setTyped] = useState<string>();
  const chosen = value === undefined ? "" : names.person(value);
  const offered = useMemo(() => {
    const wanted = (typed ?? "").trim().toLowerCase();
    const found = people.filter(({ id }) => id === value || `${id} ${names.person(id)}`.toLowerCase().includes(wanted));
    return found.slice(0, OFFERED).concat(found.slice(OFFERED).filter(({ id }) => id === value));
  }, [people, names, typed, value]);

  return (
    <ComboBox
      className="field"
      items={offered}
      inputValue={typed ?? chosen}
      onInputChange={(text) => setTyped(text === chosen ? undefined : text)}
      selectedKey={value ?? null}
      onSelectionChange={(key) => {
        setTyped(undefined);
        onChange(key === null ? undefined : String(key));
      }}
      menuTrigger="focus"
      allowsEmptyCollection
      isRequired={required}
      isInvalid={error !== undefined}
    >
      <Label>{label}</Label>
      <div className="combo">
        <Input placeholder="Type a name or an e-mail address" />
        <Button aria-label="Show people" className="button quiet">
          <Icon name="open" />
        </Button>
      </div>
      {description && (
        <Text slot="description" className="soft">
          {description}
        </Text>
      )}
      <FieldError className="problem">{error}</FieldError>
      <Popover className="popover">
        {/* Names may arrive after the people. */}
        <ListBox<User> className="list" dependencies={[names]} renderEmptyState={() => <p className="soft">Nobody matches.</p>}>
          {({ id }) => (
            <ListBoxItem id={id} textValue={names.person(id)}>
              <span>{names.person(id)}</span>
              {names.person(id) !== id && <span className="soft">{id}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
