<?php
// What Moodle makes of backups, restored one after the other: {mbz: [path, …], new: whether the course becomes the
// backup's own, or the activities are added to it}.

require(__DIR__ . '/site.php');
require(__DIR__ . '/asking.php');
require_once($CFG->dirroot . '/backup/util/includes/restore_includes.php');
require_once($CFG->dirroot . '/question/format.php');
require_once($CFG->dirroot . '/question/format/xml/format.php');
require_once($CFG->dirroot . '/mod/quiz/locallib.php');
require_once($CFG->dirroot . '/mod/assign/locallib.php');
require_once($CFG->dirroot . '/grade/grading/lib.php');

/** Restores a backup as admin/cli/restore_backup.php does; what Moodle finds wrong with it. */
function restored(stdClass $course, string $mbz, int $target): array {
    global $USER;
    $name = restore_controller::get_tempdir_name(SITEID, $USER->id);
    get_file_packer('application/vnd.moodle.backup')->extract_to_pathname($mbz, make_backup_temp_directory($name));
    $controller = new restore_controller(
        $name, $course->id, backup::INTERACTIVE_NO, backup::MODE_GENERAL, $USER->id, $target);
    $controller->execute_precheck();
    $found = $controller->get_precheck_results();
    $controller->execute_plan();
    $controller->destroy();
    return $found;
}

/** The text above an activity, as it is kept and shown, and its files. */
function intro(stdClass $instance, context $context, string $component): array {
    $files = get_file_storage()->get_area_files($context->id, $component, 'intro', 0, 'filename', false);
    return [
        'kept' => $instance->intro,
        'shown' => format_module_intro(substr($component, 4), $instance, $context->instanceid),
        'files' => array_values(array_map(fn($file) => [$file->get_filename(), $file->get_contenthash()], $files)),
    ];
}

/** A quiz as it stands in the course, and what it gives for an attempt in which everything is right. */
function quiz(cm_info $cm, stdClass $course): array {
    global $DB;
    $quiz = $DB->get_record('quiz', ['id' => $cm->instance], '*', MUST_EXIST);
    $structure = \mod_quiz\quiz_settings::create($quiz->id)->get_structure();
    $slots = array_values($structure->get_slots());
    $ids = array_map(fn($slot) => $slot->questionid, $slots);
    return [
        'settings' => (array) $quiz,
        'intro' => intro($quiz, $cm->context, 'mod_quiz'),
        'slots' => array_map(fn($slot) => ['page' => $slot->page, 'maxmark' => $slot->maxmark], $slots),
        'sections' => array_values(array_map(
            fn($section) => [$section->firstslot, $section->heading, $section->shufflequestions],
            $structure->get_sections())),
        'questions' => asked($ids, []),
        'exported' => exported($course, $ids),
        'grade' => attempted($quiz->id),
    ];
}

/** The grade of an attempt that answers every question right. */
function attempted(int $quizid): float {
    global $USER;
    $settings = \mod_quiz\quiz_settings::create($quizid, $USER->id);
    $usage = question_engine::make_questions_usage_by_activity('mod_quiz', $settings->get_context());
    $usage->set_preferred_behaviour($settings->get_quiz()->preferredbehaviour);
    $attempt = quiz_create_attempt($settings, 1, false, time(), true, $USER->id);
    $attempt = quiz_start_new_attempt($settings, $usage, $attempt, 1, time());
    $attempt = quiz_attempt_save_started($settings, $usage, $attempt);
    $usage = question_engine::load_questions_usage_by_activity($attempt->uniqueid);
    foreach ($usage->get_slots() as $slot) {
        $usage->process_action($slot, $usage->get_question($slot)->get_correct_response() ?? []);
    }
    question_engine::save_questions_usage_by_activity($usage);
    \mod_quiz\quiz_attempt::create($attempt->id)->process_finish(time(), false);
    $marks = \mod_quiz\quiz_attempt::create($attempt->id)->get_sum_marks();
    return quiz_rescale_grade($marks, $settings->get_quiz(), false);
}

/** An assignment as it stands in the course, with its rubric and what its best levels earn. */
function assignment(cm_info $cm, stdClass $course): array {
    $assign = new assign($cm->context, $cm, $course);
    $manager = get_grading_manager($cm->context, 'mod_assign', 'submissions');
    $controller = $manager->get_active_controller();
    $definition = $controller ? $controller->get_definition() : null;
    $plugins = array_filter($assign->get_submission_plugins(), fn($plugin) => $plugin->is_enabled());
    return [
        'settings' => (array) $assign->get_instance(),
        'intro' => intro($assign->get_instance(), $cm->context, 'mod_assign'),
        'submission' => array_values(array_map(fn($plugin) => $plugin->get_type(), $plugins)),
        'available' => $controller ? $controller->is_form_available() : null,
        'rubric' => array_values(array_map(fn($criterion) => [
            $criterion['description'],
            array_map(fn($level) => [$level['definition'], (float) $level['score']], array_values($criterion['levels'])),
        ], $definition->rubric_criteria ?? [])),
        'best' => $definition ? graded($controller, $assign) : null,
    ];
}

/** The grade that a student gets for the highest level of every criterion. */
function graded(gradingform_rubric_controller $controller, assign $assign): float {
    global $USER;
    $controller->set_grade_range(make_grades_menu($assign->get_instance()->grade), true);
    $chosen = array_map(function ($criterion) {
        usort($criterion['levels'], fn($a, $b) => $a['score'] <=> $b['score']);
        return ['levelid' => end($criterion['levels'])['id'], 'remark' => '', 'remarkformat' => FORMAT_PLAIN];
    }, $controller->get_definition()->rubric_criteria);
    $instance = $controller->get_or_create_instance(0, $USER->id, $USER->id);
    return $instance->submit_and_get_grade(['criteria' => $chosen], $USER->id);
}

/** An activity as it stands in the course. */
function activity(cm_info $cm, stdClass $course): array {
    global $DB;
    $own = ['courseid' => $course->id, 'itemmodule' => $cm->modname, 'iteminstance' => $cm->instance];
    $shared = [
        'kind' => $cm->modname,
        'name' => $cm->name,
        'visible' => (bool) $cm->visible,
        'section' => $cm->get_section_info()->name,
        'graded' => (float) $DB->get_field('grade_items', 'grademax', $own),
    ];
    return $shared + ($cm->modname === 'quiz' ? quiz($cm, $course) : assignment($cm, $course));
}

answer(function (stdClass $course, array $request): array {
    global $DB;
    $target = $request['new'] ? backup::TARGET_NEW_COURSE : backup::TARGET_EXISTING_ADDING;
    $found = array_map(fn($mbz) => restored($course, $mbz, $target), $request['mbz']);
    $info = get_fast_modinfo($course->id);
    $modules = array_map(fn($id) => $info->get_cm($id), array_merge([], ...array_values($info->get_sections())));
    return [
        'found' => $found,
        'course' => $DB->get_field('course', 'fullname', ['id' => $course->id]),
        'activities' => array_map(fn($cm) => activity($cm, $course), $modules),
    ];
});
