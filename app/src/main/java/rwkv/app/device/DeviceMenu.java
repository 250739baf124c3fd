package rwkv.app.device;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleGroup;
import org.jspecify.annotations.Nullable;

/** A button that says what the open model computes on, with a menu to choose another device. */
public final class DeviceMenu {

  private final MenuButton button;
  private final DeviceViewModel devices;

  private DeviceMenu(MenuButton button, DeviceViewModel devices) {
    this.button = button;
    this.devices = devices;
  }

  /** Gives {@code button} its text and its menu. */
  public static void install(MenuButton button, DeviceViewModel devices) {
    DeviceMenu menu = new DeviceMenu(button, devices);
    devices.useProperty().subscribe(_ -> menu.title());
    devices.lostProperty().subscribe(_ -> menu.title());
    devices.devicesProperty().subscribe(_ -> menu.fill());
    devices.useProperty().subscribe(menu::moved);
    devices.picks().usualProperty().subscribe(_ -> menu.fill());
    button.setOnShowing(_ -> {
      menu.fill();
      devices.find();
    });
  }

  private void moved(@Nullable DeviceUse before, @Nullable DeviceUse now) {
    // An open menu does not change under the mouse every few seconds.
    if (before == null || now == null || !before.id().equals(now.id())) {
      fill();
    }
  }

  private void title() {
    DeviceUse use = devices.useProperty().get();
    if (use == null) {
      button.setText("…");
    } else {
      button.setText(devices.lostProperty().get() ? use.id() + " has failed" : use.brief());
    }
  }

  private void fill() {
    String picked = devices.picked();
    if (picked.isEmpty()) {
      button.getItems().clear();
      return;
    }
    Menu usual = new Menu("For models opened from now on");
    String byDefault = devices.picks().usualProperty().get();
    usual.getItems().setAll(choices("usual-", byDefault, devices.picks()::pickUsual));
    List<MenuItem> items = choices("device-", picked, devices::pick);
    items.add(new SeparatorMenuItem());
    for (String absent : devices.devicesProperty().get().absent()) {
      MenuItem reason = new MenuItem(absent);
      reason.setDisable(true);
      items.add(reason);
    }
    items.add(usual);
    button.getItems().setAll(items);
  }

  private List<MenuItem> choices(String ids, String selected, Consumer<String> choose) {
    ToggleGroup group = new ToggleGroup();
    List<MenuItem> items = new ArrayList<>();
    Devices known = devices.devicesProperty().get();
    known.choices().forEach(choice -> items.add(item(choice, ids, group, selected, choose)));
    if (!known.has(selected)) {
      DeviceChoice absent = new DeviceChoice(selected, "picked before, not here now");
      items.add(item(absent, ids, group, selected, choose));
    }
    return items;
  }

  private static RadioMenuItem item(
      DeviceChoice choice,
      String ids,
      ToggleGroup group,
      String selected,
      Consumer<String> choose) {
    RadioMenuItem item = new RadioMenuItem(choice.text());
    item.setId(ids + choice.id().replace(':', '-'));
    item.setMnemonicParsing(false);
    item.setToggleGroup(group);
    item.setSelected(choice.id().equals(selected));
    item.setOnAction(_ -> choose.accept(choice.id()));
    return item;
  }
}
