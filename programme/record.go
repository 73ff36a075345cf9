package programme

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// Record returns a noun, or a list of nouns, as maps and lists for JSON with the keys of the programme file. Absent values are
// left out; moments are in UTC, numbers with decimals are text. It is how objects travel to and from the database and the audit log.
func Record(v any) any { return record(reflect.ValueOf(v)) }

func record(v reflect.Value) any {
	if absent(v) {
		return nil
	}
	switch x := v.Interface().(type) {
	case Text:
		return map[string]string(x)
	case Date:
		return x.String()
	case time.Time:
		return x.UTC().Format(time.RFC3339Nano)
	}
	switch v.Kind() {
	case reflect.Pointer:
		return record(v.Elem())
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = record(v.Index(i))
		}
		return list
	case reflect.Map:
		m := map[string]any{}
		for _, key := range v.MapKeys() {
			m[key.String()] = record(v.MapIndex(key))
		}
		return m
	case reflect.Struct:
		m := map[string]any{}
		for _, f := range FieldsOf(v.Type()) {
			value := v.Field(f.Index)
			if absent(value) || f.Optional && value.Kind() == reflect.Int && value.IsZero() {
				continue
			}
			m[f.Key] = record(value)
		}
		return m
	}
	return v.Interface()
}

// absent reports whether a value says that there is none. Numbers and booleans always say something.
func absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.String, reflect.Pointer:
		return v.IsZero()
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
			return z.IsZero()
		}
	}
	return false
}

// UnmarshalRecord reads the JSON that Record or a query with the same keys wrote into the noun, or list of nouns, that v points to.
// A missing key and null are the zero value; a key that the noun does not have is an error.
func UnmarshalRecord(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var raw any
	if err := d.Decode(&raw); err != nil {
		return fmt.Errorf("read record: %w", err)
	}
	return fill(reflect.ValueOf(v).Elem(), raw)
}

func fill(v reflect.Value, raw any) error {
	if raw == nil {
		v.SetZero()
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fill(v.Elem(), raw)
	case reflect.Slice:
		return fillList(v, raw)
	case reflect.Map:
		return fillMap(v, raw)
	case reflect.Struct:
		if Leaf(v.Type()) {
			return fillDay(v, raw)
		}
		return fillObject(v, raw)
	}
	return fillScalar(v, raw)
}

func fillList(v reflect.Value, raw any) error {
	list, ok := raw.([]any)
	if !ok {
		return misfit(v, raw)
	}
	if len(list) == 0 {
		v.SetZero()
		return nil
	}
	v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
	for i, element := range list {
		if err := fill(v.Index(i), element); err != nil {
			return err
		}
	}
	return nil
}

func fillMap(v reflect.Value, raw any) error {
	m, ok := raw.(map[string]any)
	if !ok {
		return misfit(v, raw)
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(m)))
	for key, value := range m {
		element := reflect.New(v.Type().Elem()).Elem()
		if err := fill(element, value); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		v.SetMapIndex(reflect.ValueOf(key), element)
	}
	return nil
}

func fillObject(v reflect.Value, raw any) error {
	m, ok := raw.(map[string]any)
	if !ok {
		return misfit(v, raw)
	}
	seen := 0
	for _, f := range FieldsOf(v.Type()) {
		value, ok := m[f.Key]
		if !ok {
			continue
		}
		seen++
		if err := fill(v.Field(f.Index), value); err != nil {
			return fmt.Errorf("%s: %w", f.Key, err)
		}
	}
	if seen < len(m) {
		return fmt.Errorf("record of %s has a key that a %s does not have", v.Type().Name(), v.Type().Name())
	}
	return nil
}

func fillDay(v reflect.Value, raw any) error {
	s, ok := raw.(string)
	if !ok {
		return misfit(v, raw)
	}
	if v.Type() == dateType {
		d, err := ParseDate(s)
		v.Set(reflect.ValueOf(d))
		return err
	}
	t, err := time.Parse(time.RFC3339, s)
	v.Set(reflect.ValueOf(t.UTC()))
	return err
}

func fillScalar(v reflect.Value, raw any) error {
	switch x := raw.(type) {
	case bool:
		if v.Kind() == reflect.Bool {
			v.SetBool(x)
			return nil
		}
	case json.Number:
		return fillText(v, x.String())
	case string:
		return fillText(v, x)
	}
	return misfit(v, raw)
}

func fillText(v reflect.Value, s string) error {
	switch {
	case v.Type() == decimalType:
		d, err := ParseDecimal(s)
		v.SetString(string(d))
		return err
	case v.Kind() == reflect.String:
		v.SetString(s)
		return nil
	case v.Kind() == reflect.Int:
		n, err := strconv.Atoi(s)
		v.SetInt(int64(n))
		return err
	}
	return misfit(v, s)
}

func misfit(v reflect.Value, raw any) error {
	return fmt.Errorf("cannot read %s from %T", v.Type(), raw)
}
