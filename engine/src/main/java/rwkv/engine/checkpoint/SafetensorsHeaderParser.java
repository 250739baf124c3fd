package rwkv.engine.checkpoint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import rwkv.engine.checkpoint.SafetensorsHeader.Entry;
import rwkv.engine.tensor.DType;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One pass over the JSON of a {@code .safetensors} header. */
record SafetensorsHeaderParser(MappedFile file, JsonParser json) {

  /** The format has none of the quantised types. */
  private static final Map<String, DType> DTYPES =
      Stream.of(DType.values())
          .filter(dtype -> !dtype.isQuantised())
          .collect(Collectors.toUnmodifiableMap(DType::name, Function.identity()));

  SafetensorsHeader header() {
    Json.expect(
        file, json.nextToken(), JsonToken.START_OBJECT, "the safetensors header", "an object");
    List<Entry> entries = new ArrayList<>();
    MetadataTable metadata = new MetadataTable(file);
    Set<String> seen = new HashSet<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      if (!seen.add(name)) {
        throw file.problem("the safetensors header names " + Quote.name(name) + " twice");
      }
      json.nextToken();
      if (name.equals(SafetensorsHeader.METADATA)) {
        readMetadata(metadata);
      } else {
        entries.add(readEntry(name));
      }
      TensorTable.checkCount(file, entries.size());
    }
    if (json.nextToken() != null) {
      throw file.problem("the safetensors header goes on after its closing brace");
    }
    return new SafetensorsHeader(entries, metadata.entries());
  }

  private void readMetadata(MetadataTable metadata) {
    Json.expect(
        file, json.currentToken(), JsonToken.START_OBJECT, SafetensorsHeader.METADATA, "an object");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      String owner = SafetensorsHeader.METADATA + " entry " + Quote.name(key);
      Json.expect(file, json.nextToken(), JsonToken.VALUE_STRING, owner, "text");
      metadata.put(key, json.getString());
    }
  }

  private Entry readEntry(String name) {
    String owner = "tensor " + Quote.name(name);
    Json.expect(file, json.currentToken(), JsonToken.START_OBJECT, owner, "an object");
    String dtype = null;
    List<Long> sizes = null;
    List<Long> offsets = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      switch (key) {
        case "dtype" -> {
          Json.expect(file, value, JsonToken.VALUE_STRING, owner + " dtype", "text");
          dtype = once(dtype, json.getString(), owner, key);
        }
        case "shape" -> sizes = once(sizes, readLongs(owner + " shape"), owner, key);
        case "data_offsets" ->
            offsets = once(offsets, readLongs(owner + " data_offsets"), owner, key);
        default -> json.skipChildren();
      }
    }
    if (dtype == null || sizes == null || offsets == null) {
      throw file.problem(owner + " lacks one of dtype, shape and data_offsets");
    }
    return checked(name, dtype(owner, dtype), sizes, offsets);
  }

  private <T> T once(@Nullable T before, T now, String owner, String key) {
    if (before != null) {
      throw file.problem(owner + " has " + key + " twice");
    }
    return now;
  }

  private List<Long> readLongs(String owner) {
    Json.expect(file, json.currentToken(), JsonToken.START_ARRAY, owner, "a list");
    List<Long> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Json.expect(file, json.currentToken(), JsonToken.VALUE_NUMBER_INT, owner, "whole numbers");
      values.add(json.getLongValue());
      if (values.size() > TensorTable.MAX_RANK) {
        throw file.problem(owner + " has more than " + TensorTable.MAX_RANK + " numbers");
      }
    }
    return values;
  }

  private DType dtype(String owner, String name) {
    DType dtype = DTYPES.get(name);
    if (dtype == null) {
      throw file.problem(owner + " has the type " + Quote.name(name) + ", which is not supported");
    }
    return dtype;
  }

  private Entry checked(String name, DType dtype, List<Long> sizes, List<Long> offsets) {
    String owner = "tensor " + Quote.name(name);
    if (offsets.size() != 2 || offsets.get(0) < 0 || offsets.get(1) < offsets.get(0)) {
      throw file.problem(owner + " has the impossible data_offsets " + Quote.sizes(offsets));
    }
    long expected = TensorTable.byteSize(file, name, dtype, sizes);
    long found = offsets.get(1) - offsets.get(0);
    if (expected != found) {
      throw file.problem(
          "%s of type %s and shape %s needs %s bytes, found %s"
              .formatted(owner, dtype, Quote.sizes(sizes), expected, found));
    }
    return new Entry(name, dtype, sizes, offsets.get(0), offsets.get(1));
  }
}
