// The menu of actions for one row.
import { Button as AriaButton } from "react-aria-components/Button";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { Icon } from "./icon";
import { useStatus } from "../lib/status";

export interface RowAction {
  id: string;
  label: string;
  onAction: () => void;
  danger?: boolean;
  /** Why it is not possible. The item stays in the menu and shows the reason. */
  whyNot?: string | undefined;
}

export function RowMenu({ name, actions }: { name: string; actions: RowAction[] }) {
  const say = useStatus();
  return (
    <MenuTrigger>
      <AriaButton className="button quiet" aria-label={`Actions for ${name}`}>
        <Icon name="more" />
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Menu className="menu-list" aria-label={`Actions for ${name}`}>
          {actions.map(({ id, label, onAction, danger, whyNot }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={label}
              className={danger ? "danger" : ""}
              onAction={() => (whyNot === undefined ? onAction() : say(whyNot))}
              // Not disabled for the library, whose keyboard navigation would skip the item: the reason must be reachable.
              render={(props) => <div {...(props as object)} aria-disabled={whyNot !== undefined || undefined} />}
            >
              <span>{label}</span>
              {whyNot !== undefined && <span className="soft">{whyNot}</span>}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
