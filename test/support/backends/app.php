<?php
// PHP's own parser: what $_POST and $_FILES say. Lists come out as name[], other arrays as name[key].

if ($_SERVER['REQUEST_URI'] === '/') {
    header('Content-Type: text/plain');
    exit('ok');
}

function flatten(string $name, mixed $value): array
{
    if (!is_array($value)) {
        return [[$name, $value]];
    }
    $list = array_is_list($value);
    $pairs = [];
    foreach ($value as $key => $inner) {
        array_push($pairs, ...flatten($name . ($list ? '[]' : "[$key]"), $inner));
    }
    return $pairs;
}

$fields = [];
foreach ($_POST as $name => $value) {
    array_push($fields, ...flatten((string) $name, $value));
}

$files = [];
foreach ($_FILES as $name => $file) {
    $columns = array_map(fn($column) => flatten((string) $name, $column), $file);
    foreach ($columns['name'] as $i => [$field, $filename]) {
        $error = $columns['error'][$i][1];
        if ($error === UPLOAD_ERR_NO_FILE) {
            continue;
        }
        $files[] = [
            'field' => $field,
            'filename' => $filename,
            'type' => $columns['type'][$i][1],
            'size' => $columns['size'][$i][1],
            'sha256' => $error === UPLOAD_ERR_OK ? hash_file('sha256', $columns['tmp_name'][$i][1]) : "error $error",
        ];
    }
}

header('Content-Type: application/json');
echo json_encode(['fields' => $fields, 'files' => $files], JSON_THROW_ON_ERROR);
