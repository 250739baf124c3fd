package rwkv.engine.checkpoint;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import rwkv.engine.checkpoint.SafetensorsHeader.Entry;
import rwkv.engine.tensor.DType;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One pass over the JSON of a {@code .safetensors} header. */
record SafetensorsHeaderParser(MappedFile file, JsonParser json) {

  SafetensorsHeader header() {
    expect(json.nextToken(), JsonToken.START_OBJECT, "the safetensors header", "an object");
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
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
      if (entries.size() > TensorTable.MAX_TENSORS) {
        throw file.problem("more than " + TensorTable.MAX_TENSORS + " tensors; this is no model");
      }
    }
    if (json.nextToken() != null) {
      throw file.problem("the safetensors header goes on after its closing brace");
    }
    return new SafetensorsHeader(entries, metadata);
  }

  private void readMetadata(Map<String, String> metadata) {
    expect(json.currentToken(), JsonToken.START_OBJECT, SafetensorsHeader.METADATA, "an object");
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      String owner = SafetensorsHeader.METADATA + " entry " + Quote.name(key);
      expect(json.nextToken(), JsonToken.VALUE_STRING, owner, "text");
      if (metadata.put(key, json.getString()) != null) {
        throw file.problem(owner + " stands in the header twice");
      }
    }
  }

  private Entry readEntry(String name) {
    String owner = "tensor " + Quote.name(name);
    expect(json.currentToken(), JsonToken.START_OBJECT, owner, "an object");
    String dtype = null;
    List<Long> sizes = null;
    List<Long> offsets = null;
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String key = json.currentName();
      JsonToken value = json.nextToken();
      switch (key) {
        case "dtype" -> {
          expect(value, JsonToken.VALUE_STRING, owner + " dtype", "text");
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
    expect(json.currentToken(), JsonToken.START_ARRAY, owner, "a list");
    List<Long> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, owner, "whole numbers");
      values.add(json.getLongValue());
      if (values.size() > TensorTable.MAX_RANK) {
        throw file.problem(owner + " has more than " + TensorTable.MAX_RANK + " numbers");
      }
    }
    return values;
  }

  private DType dtype(String owner, String name) {
    try {
      return DType.valueOf(name);
    } catch (IllegalArgumentException e) {
      throw file.problem(
          owner + " has the type " + Quote.name(name) + ", which is not supported", e);
    }
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

  private void expect(
      @Nullable JsonToken found, JsonToken expected, String owner, String expectedWords) {
    if (found != expected) {
      throw file.problem(owner + " should be " + expectedWords + ", found " + found);
    }
  }
}
