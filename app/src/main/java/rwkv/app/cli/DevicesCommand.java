package rwkv.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import rwkv.app.theme.Sizes;
import rwkv.engine.backend.Availability;
import rwkv.engine.backend.Backend;
import rwkv.engine.backend.Backends;
import rwkv.engine.backend.DeviceFacts;

/** {@code rwkv devices}: what can compute here. */
@Command(
    name = "devices",
    description = {
      "Lists what can compute on this machine, by the names that --backend takes: device, driver,",
      "compute capability and memory, or why it cannot be used."
    },
    footer = {"", "Examples:", "  rwkv devices", "  rwkv generate model.pth --backend cuda:1"})
final class DevicesCommand implements Callable<Integer> {

  @ParentCommand private RwkvCommand root;

  @Override
  public Integer call() {
    Lines lines = new Lines(root.out());
    Backends installed = Backends.installed();
    lines.add(Backends.AUTO, "%s", installed.choose(Backends.AUTO).id());
    installed.all().stream()
        .flatMap(backend -> backend.devices().stream())
        .forEach(backend -> list(lines, backend));
    return 0;
  }

  private static void list(Lines lines, Backend backend) {
    switch (backend.availability()) {
      case Availability.Unavailable(String reason) ->
          lines.add(backend.id(), "cannot be used: %s", reason);
      case Availability.Available(String device) ->
          lines.add(backend.id(), "%s", full(backend, device));
    }
  }

  private static String full(Backend backend, String device) {
    try {
      DeviceFacts facts = backend.facts();
      return facts == null
          ? device
          : "%s, driver for %s, compute capability %s, memory %s, %s free"
              .formatted(
                  facts.name(),
                  facts.driver(),
                  facts.capability(),
                  Sizes.bytes(facts.bytes()),
                  Sizes.bytes(facts.freeBytes()));
    } catch (IllegalStateException e) {
      return device + "; " + e.getMessage();
    }
  }
}
