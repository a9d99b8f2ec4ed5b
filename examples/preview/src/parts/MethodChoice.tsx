import { model } from '../core.js';
import { choose, described, method, showExample } from '../state.js';
import { say, told } from '../words.js';

/** All methods by their groups. */
export function MethodSelect({ value, onChoose }: { value: string; onChoose: (name: string) => void }) {
  return (
    <label>
      {say('接口', 'Method')}
      <select data-test="method" value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {Object.entries(model.groups).map(([group, words]) => (
          <optgroup key={group} label={told(words)}>
            {model.methods
              .filter((one) => one.group === group)
              .map((one) => (
                <option key={one.name} value={one.name}>
                  {told(one.title)} · {one.name.replace('nuonuo.', '')}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

/** The method, and its examples. */
export function MethodChoice() {
  const examples = described.value?.examples ?? [];
  return (
    <div class="row">
      <MethodSelect value={method.value} onChoose={choose} />
      <label class="narrow">
        {say('载入例子', 'Load an example')}
        <select data-test="example" value="" disabled={examples.length === 0} onChange={(event) => showExample(Number(event.currentTarget.value))}>
          <option value="" disabled>
            {examples.length === 0 ? say('没有例子', 'There is none') : say('选择…', 'Choose…')}
          </option>
          {examples.map((example, index) => (
            <option key={index} value={index}>
              {told(example.title)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
