// A table of capabilities and roles. Custom roles have a menu; built-in roles cannot be changed.
import { useState } from "react";
import type { Capability, Kind, Level, Organization } from "wicketgate";
import { useConsole } from "../../data/console-context";
import { grantsOf } from "../../data/role-grants";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { classes } from "../../ui/classes";
import { RowMenu } from "../../ui/row-menu";
import { SelectField } from "../../ui/select-field";
import { CAPABILITIES, capabilitiesOf } from "../../data/capabilities";
import { useWhyNot } from "../../why/use-why";
import { fits, type Holder, KINDS, LEVELS, type RoleColumn } from "./roles";

interface Props {
  facts: Organization;
  roles: RoleColumn[];
  holders: Map<string, Holder[]>;
  /** The reader does not see everybody. */
  partly: boolean;
  onHolders: (role: RoleColumn) => void;
  onEdit: (role: RoleColumn) => void;
  onDelete: (role: RoleColumn) => void;
}

type Shown = Level | "custom" | "";

export function RoleGrid({ facts, roles, holders, partly, onHolders, onEdit, onDelete }: Props) {
  const [shown, setShown] = useState<Shown>("");
  const withheld = new Set(facts.plan?.withholds);
  const columns = roles.filter(({ on, builtIn }) => shown === "" || on === shown || (shown === "custom" && !builtIn));
  const levels = (Object.keys(LEVELS) as Level[])
    .map((level) => [level, columns.filter(({ on }) => on === level).length] as const)
    .filter(([, count]) => count > 0);
  const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => columns.some(({ on }) => LEVELS[on].kinds.includes(kind)));

  return (
    <>
      <div className="toolbar role-bar">
        <SelectField
          label="Roles shown"
          value={shown}
          onChange={setShown}
          options={[
            { value: "", label: "All" },
            ...(Object.keys(LEVELS) as Level[]).map((value) => ({
              value: value as Shown,
              label: `On ${value === "organization" ? "the organization" : `${value === "team" ? "a" : "an"} ${value}`}`,
            })),
            { value: "custom", label: "Custom" },
          ]}
        />
        <p className="soft role-key" aria-hidden="true">
          ✓ granted · (✓) granted, but not in the plan · – not granted · shaded: not possible for this kind of role
        </p>
      </div>
      {columns.length === 0 ? (
        <p className="soft">There are no custom roles.</p>
      ) : (
        <div className="table-frame role-frame" tabIndex={0} role="region" aria-label="What roles grant">
          <table className="role-grid">
            <caption className="unseen">What roles grant</caption>
            <thead>
              <tr>
                <td />
                {levels.map(([level, count]) => (
                  <th key={level} scope="colgroup" colSpan={count}>
                    {LEVELS[level].label}
                  </th>
                ))}
              </tr>
              <tr>
                <th scope="col">Capability</th>
                {columns.map((role) => (
                  <th key={role.id} scope="col" data-role={role.id}>
                    <span className="role-name">{role.name}</span>
                    <span className="role-tools">
                      <Button
                        variant="quiet"
                        aria-label={`${people(holders.get(role.id) ?? [], partly)}: ${role.name}`}
                        onClick={() => onHolders(role)}
                      >
                        {people(holders.get(role.id) ?? [], partly)}
                      </Button>
                      {role.builtIn ? (
                        <Badge>Built in</Badge>
                      ) : (
                        <CustomMenu role={role} held={holders.get(role.id) ?? []} onEdit={onEdit} onDelete={onDelete} />
                      )}
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            {kinds.map((kind) => (
              <tbody key={kind}>
                <tr className="role-area">
                  <th scope="rowgroup" colSpan={columns.length + 1}>
                    <span>{KINDS[kind]}</span>
                  </th>
                </tr>
                {capabilitiesOf(kind).map((capability) => (
                  <tr key={capability} data-capability={capability} className={classes(withheld.has(capability) && "withheld")}>
                    <th scope="row">
                      {CAPABILITIES[capability].label}
                      {withheld.has(capability) && (
                        <>
                          {" "}
                          <Badge tone="warn">Not in the plan</Badge>
                        </>
                      )}
                    </th>
                    {columns.map((role) => (
                      <Cell key={role.id} role={role} capability={capability} withheld={withheld.has(capability)} />
                    ))}
                  </tr>
                ))}
              </tbody>
            ))}
          </table>
        </div>
      )}
    </>
  );
}

function Cell({ role, capability, withheld }: { role: RoleColumn; capability: Capability; withheld: boolean }) {
  if (!fits(capability, role.on))
    return (
      <td className="never">
        <span className="unseen">not possible</span>
      </td>
    );
  if (!role.grants.has(capability))
    return (
      <td>
        <span aria-hidden="true" className="soft">
          –
        </span>
        <span className="unseen">no</span>
      </td>
    );
  return (
    <td>
      <span aria-hidden="true" className={classes("mark", withheld && "withheld")}>
        {withheld ? "(✓)" : "✓"}
      </span>
      <span className="unseen">{withheld ? "yes, but not in the plan" : "yes"}</span>
    </td>
  );
}

function CustomMenu({ role, held, onEdit, onDelete }: { role: RoleColumn; held: Holder[] } & Pick<Props, "onEdit" | "onDelete">) {
  const { role: ownRole, facts } = useConsole();
  const define = useWhyNot("role.define");
  const mine = grantsOf(ownRole, facts);
  const beyond = [...role.grants].some((capability) => !mine.has(capability))
    ? "It grants more than your own role. Ask a global admin."
    : undefined;
  return (
    <RowMenu
      name={role.name}
      actions={[
        { id: "edit", label: "Edit", whyNot: define ?? beyond, onAction: () => onEdit(role) },
        {
          id: "delete",
          label: "Delete",
          danger: true,
          onAction: () => onDelete(role),
          whyNot: define ?? (held.length > 0 ? `Held by ${people(held)}. Give them another role first.` : undefined),
        },
      ]}
    />
  );
}

function people(holders: Holder[], partly = false): string {
  const count = new Set(holders.map(({ user }) => user)).size;
  return `${count === 0 ? "Nobody" : count === 1 ? "1 person" : `${count} people`}${partly ? " you see" : ""}`;
}
